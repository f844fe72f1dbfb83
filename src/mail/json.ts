import { MailroomError } from '../errors';
import { tooLong } from '../http/fetch';
import type { Answer } from '../http/messages';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of that name, undefined without one: names such as `constructor` are no members. */
export function member(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Values of one answer: a page of messages has a tenth of it. What is parsed of two bytes may take a hundred in memory. */
const MOST_VALUES = 250_000;

/**
 * The JSON of an answer.
 *
 * @throws MailroomError `protocol` for anything else: a login page, a body that was cut off; for more values than Mailroom can
 *   bear it is one that `isTooLong`
 */
export async function readJson(response: Answer, what: string): Promise<JsonObject> {
  const text = await response.text();
  if (hasMoreValues(text, MOST_VALUES)) {
    const cause = tooLong(`the answer has more than ${MOST_VALUES} values`);
    throw new MailroomError({ code: 'protocol', message: `${what}: ${cause.message}`, cause });
  }
  const value = parse(text);
  if (isObject(value)) return value;
  const looks = /^\s*</.test(text) ? 'a web page' : text === '' ? 'empty' : 'no JSON object';
  throw new MailroomError({ code: 'protocol', message: `${what}: the answer is ${looks} (HTTP ${response.status})` });
}

/** True where a JSON text has more values than so many (RFC 8259): each begins a list or an object, or follows a comma in one. */
function hasMoreValues(text: string, most: number): boolean {
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === '[' || character === '{' || character === ',') values += 1;
    if (values > most) return true;
  }
  return false;
}

/** Where the text that begins there ends. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Characters of a server's words that are kept. */
const LONGEST_PLAIN = 200;

/**
 * What a server says about a failure, fit for logs: one short line without anything that may be an address. It is cut
 * between words: of a secret that the server gives back there must be nothing or all, which the log then takes out.
 */
export function plain(text: unknown): string {
  if (typeof text !== 'string') return '';
  const line = text
    .replace(/\S+/g, (word) => (word.includes('@') ? '…' : word))
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  if (line.length <= LONGEST_PLAIN) return line;
  return `${line.slice(0, Math.max(0, line.lastIndexOf(' ', LONGEST_PLAIN - 2)))} …`.trim();
}
