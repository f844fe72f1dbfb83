/**
 * Text of a card with one character (U+0000 to U+00FF) for each byte: what is not touched goes back byte for byte,
 * whether or not it is UTF-8, and lengths are octets.
 */
export type ByteText = string;

/** The text as UTF-8. */
export function toBytes(text: string): ByteText {
  return Buffer.from(text).toString('latin1');
}

/** What the bytes say as UTF-8; sequences that are none become U+FFFD. */
export function fromBytes(bytes: ByteText): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
