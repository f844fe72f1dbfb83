/** Without what no card and no XML 1.0 document can hold (section 2.2): control characters, lone surrogates, U+FFFE and U+FFFF. */
export function cleanText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]+/gu, ' ');
}

/** True for text that a card can hold as it is. */
export function isCardText(text: string): boolean {
  return cleanText(text) === text;
}
