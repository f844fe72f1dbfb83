import { MailroomError } from '../errors';
import type { ByteText } from './bytes';

export interface Parameter {
  /** Upper case. A value without a name, as in vCard 2.1, has the name ''. */
  readonly name: string;
  /** Without quotes. */
  readonly values: readonly string[];
}

/** One content line (RFC 6350, section 3.3; RFC 2426, section 2.6). */
export interface ContentLine {
  /** The physical lines as they came, with folds and line ends. */
  readonly raw: ByteText;
  /** Unfolded, all before the colon: group, name and parameters as written. '' for a line without a colon. */
  readonly prefix: ByteText;
  /** Upper case, without the group (`item1.`). '' for a line without a colon. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Unfolded, otherwise as written. */
  readonly value: ByteText;
}

/** Octets of a physical line without its line end (RFC 6350, section 3.2). */
const LINE_OCTETS = 75;
/** More before the colon is nothing to be read; more lines than a group of so many members has would only take memory. */
const MOST_PREFIX_OCTETS = 65_536;
const MOST_LINES = 100_000;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * All content lines of a text, blank and senseless ones too: their `raw` joined is the text, of which they are parts.
 * Values are unfolded when they are asked for, each time: a photo's may be megabytes.
 *
 * @throws MailroomError `refused` for more than 100,000 lines
 */
export function readLines(text: ByteText): readonly ContentLine[] {
  const lines: ContentLine[] = [];
  let start = 0;
  while (start < text.length) {
    if (lines.length === MOST_LINES) {
      throw new MailroomError({ code: 'refused', message: `it has more than ${MOST_LINES} lines` });
    }
    const end = endOfLine(text, start);
    lines.push(new PhysicalLine(text.slice(start, end)));
    start = end;
  }
  return lines;
}

/** The content line as text, folded at 75 octets, never inside a UTF-8 character. */
export function makeLine(prefix: ByteText, value: ByteText, lineEnd: string): ContentLine {
  return new PhysicalLine(fold(`${prefix}:${value}`, lineEnd));
}

/** The values of a parameter, in lower case. */
export function parameterOf(line: ContentLine, name: string): readonly string[] {
  return line.parameters
    .filter((parameter) => parameter.name === name)
    .flatMap(({ values }) => values.map((value) => value.toLowerCase()));
}

/** Where the line that starts there ends, with the physical lines that go on with it. */
function endOfLine(text: ByteText, start: number): number {
  let end = start;
  do {
    const lineBreak = text.indexOf('\n', end);
    if (lineBreak < 0) return text.length;
    end = lineBreak + 1;
  } while (text[end] === ' ' || text[end] === '\t');
  return end;
}

/** Keeps no more than its text and its name: a group has a line for each member, and may have very many. */
class PhysicalLine implements ContentLine {
  readonly raw: ByteText;
  readonly name: string;
  readonly #colon: number;

  constructor(raw: ByteText) {
    this.raw = raw;
    const colon = colonOf(raw);
    this.#colon = colon > MOST_PREFIX_OCTETS ? -1 : colon;
    const [head = ''] = splitOutsideQuotes(this.prefix, ';');
    const bare = head.startsWith(BYTE_ORDER_MARK) ? head.slice(BYTE_ORDER_MARK.length) : head;
    this.name = bare
      .slice(bare.indexOf('.') + 1)
      .trim()
      .toUpperCase();
  }

  get prefix(): ByteText {
    return this.#colon < 0 ? '' : unfold(this.raw.slice(0, this.#colon));
  }

  get parameters(): readonly Parameter[] {
    return splitOutsideQuotes(this.prefix, ';').slice(1).map(readParameter);
  }

  get value(): ByteText {
    return unfold(this.raw.slice(this.#colon + 1));
  }
}

/** Without folds and the line end. */
function unfold(raw: ByteText): ByteText {
  return raw.replace(/\r?\n(?:[ \t]|$)/g, '');
}

/** Where the first colon outside quotes is; where a quote is never closed, the first colon at all. -1 without one. */
function colonOf(raw: ByteText): number {
  let quoted = false;
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] === '"') quoted = !quoted;
    else if (raw[i] === ':' && !quoted) return i;
  }
  return raw.indexOf(':');
}

function readParameter(text: string): Parameter {
  const equals = text.indexOf('=');
  return {
    name: equals < 0 ? '' : text.slice(0, equals).trim().toUpperCase(),
    values: splitOutsideQuotes(text.slice(equals + 1), ',').map((value) => value.replace(/^"(.*)"$/, '$1')),
  };
}

function splitOutsideQuotes(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (!quoted && text[i] === separator) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function fold(unfolded: ByteText, lineEnd: string): ByteText {
  const physical: string[] = [];
  let start = 0;
  while (start < unfolded.length) {
    const room = physical.length === 0 ? LINE_OCTETS : LINE_OCTETS - 1;
    let end = Math.min(start + room, unfolded.length);
    while (end < unfolded.length && end > start + room - 4 && isContinuation(unfolded, end)) end -= 1;
    physical.push(unfolded.slice(start, end));
    start = end;
  }
  return `${physical.join(`${lineEnd} `)}${lineEnd}`;
}

/** True for a byte inside a UTF-8 character, which no fold may begin with. */
function isContinuation(bytes: ByteText, index: number): boolean {
  return (bytes.charCodeAt(index) & 0xc0) === 0x80;
}
