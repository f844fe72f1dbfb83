/** What a letter is found again by; its value is the digest of what the letter says. */
export const LETTER_HEADER = 'X-Mailroom-Letter';
