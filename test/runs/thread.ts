// A thread that computes the cells of `test-cells.ts`.
import { serveCells } from "../../src/runs/index.js";
import { broken, images, square, sum } from "./test-cells.js";

serveCells([square, images, broken, sum]);
