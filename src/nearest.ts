/** The name that was probably meant: two letters in five are other ones at most, and no more than three. Undefined where none is that near. */
export async function nearest(word: string, names: readonly string[]): Promise<string | undefined> {
  // Nobody types so long a name, and comparing takes time.
  if (word.length > 100) return undefined;
  // Those who write what they mean need not wait for it.
  const { closestMatch } = await import('leven');
  return closestMatch(word, [...names], { maxDistance: Math.min(3, Math.ceil(word.length * 0.4)) });
}
