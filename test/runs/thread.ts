// The kinds of cells that threads compute in the tests.
import { broken, images, square, sum } from "./test-cells.js";

export const kinds = [square, images, broken, sum];
