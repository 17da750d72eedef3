// jax-js in a page, on its WebAssembly backend.
import works from "../peers/jax-js.mjs";
import { publish } from "./side.ts";

publish(works);
