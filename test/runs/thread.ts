// A thread that computes the cells of `kinds.ts`.
import { serveCells } from "../../src/runs/index.js";
import { broken, images, square } from "./kinds.js";

serveCells([square, images, broken]);
