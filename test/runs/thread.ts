// A thread that computes the cells of `kinds.ts`.
import { serveCells } from "../../src/runs/index.js";
import { broken, images, square, sum } from "./kinds.js";

serveCells([square, images, broken, sum]);
