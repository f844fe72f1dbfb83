/** The order of texts by their code units, the same on every machine: for `Array.prototype.sort`. */
export function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
