/**
 * The form of an address in which two of them are compared: without regard to case, and nothing looser.
 * A character whose lower case is also that of another one (the Kelvin sign and `k`) keeps its own: look-alikes differ.
 */
export function foldAddress(address: string): string {
  return Array.from(address, (character) => {
    const lower = character.toLowerCase();
    return lower.toUpperCase() === character ? lower : character;
  }).join('');
}
