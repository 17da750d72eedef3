// Why samples differ from PyTorch's: the conventions of docs/conventions.md, and what is refused.

/** By PyTorch's name of the op. */
const REASONS: Readonly<Record<string, string>> = {
  median: "of an even number of elements the mean of the two in the middle, not the smaller",
  "linalg.eigvalsh":
    "the samples are not symmetric: PyTorch differentiates as if the other triangle were free, here only the triangle that is read",
  "linalg.norm": "a norm at 0 has derivatives 0 of every order; PyTorch's second one is NaN",
  cat: "a vector without elements joins only vectors",
  take_along_dim: "indices do not broadcast",
  tensordot: "axes of size 1 do not broadcast",
};

/** Why samples of an op differ or are refused, if a convention says so. */
export function reasonFor(name: string, example: string): string | undefined {
  if (/none of them empty/.test(example)) return "matrices without elements are refused";
  return REASONS[name] ?? REASONS[name.split(" ")[0]];
}
