import { redaction } from '../redaction';

const WORD = /[^\s<>"(),:;[\]\\]+/gu;
/** The local part of an address may be quoted, and then hold anything (RFC 5322, section 3.4.1); 64 octets at most. */
const QUOTED_LOCAL_PART = /"[^"]{1,64}"(?=@)/gu;
const CREDENTIALS = /\b(bearer|basic) [\w.~+/=-]+/giu;
const USER_INFO = /:\/\/[^\s/@]{1,256}@/gu;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;
/** More is never kept, and needs no looking through. */
const LONGEST_INPUT = 8 * 1024;

/** Bytes that a reason may have: what an Event's note holds (events.k8s.io/v1). */
export const REASON_BYTES = 1024;

/**
 * A reason that may stand where everybody who may look at the cluster can read it: one line of at most `bytes` bytes of
 * UTF-8, without addresses, credentials, any of `secrets`, control characters and bidi marks.
 */
export function publicReason(text: string, secrets: readonly string[] = [], bytes = REASON_BYTES): string {
  const clean = oneLine(redaction(secrets, '<secret>')(text))
    .slice(0, LONGEST_INPUT)
    .replace(USER_INFO, '://')
    .replace(CREDENTIALS, '$1 <secret>')
    .replace(QUOTED_LOCAL_PART, 'x')
    .replace(WORD, withoutAddress);
  return truncate(clean, bytes);
}

/** `<address>` for an address, percent-encoded or not. A label such as `@ToFeed` has nothing before its `@`. */
function withoutAddress(word: string): string {
  if (word.startsWith('//')) return word.split('/').map(withoutAddress).join('/');
  const at = word.search(/@|%40/i);
  return at > 0 && /[\p{L}\p{N}]/u.test(word.slice(0, at)) ? '<address>' : word;
}

/** The text on one line: control characters, line breaks, bidi and other invisible marks become a space. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, ' ').trim();
}

/** The longest beginning of the text that fits into `bytes` bytes of UTF-8, with an ellipsis where something is left out. */
export function truncate(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const ellipsis = '…';
  const room = bytes - Buffer.byteLength(ellipsis);
  let kept = '';
  let size = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > room) break;
    kept += character;
  }
  return kept + ellipsis;
}
