/**
 * Text that a terminal shows as it is: line breaks, control characters and marks that turn the direction of writing are
 * written as JSON writes them (`\u001b`), so that JSON stays the same JSON.
 */
export function escapeInvisible(line: string): string {
  return line.replace(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** `1 message`, `2 messages`. */
export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `Feed 3, Jail 1`. */
export function counted(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
