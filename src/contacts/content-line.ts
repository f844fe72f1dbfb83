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
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** All content lines of a text, blank and senseless ones too: their `raw` joined is the text. */
export function readLines(text: ByteText): readonly ContentLine[] {
  const physical = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const logical: string[][] = [];
  for (const line of physical) {
    const last = logical.at(-1);
    if (last !== undefined && /^[ \t]/.test(line)) last.push(line);
    else logical.push([line]);
  }
  return logical.map(readLine);
}

/** The content line as text, folded at 75 octets, never inside a UTF-8 character. */
export function makeLine(prefix: ByteText, value: ByteText, lineEnd: string): ContentLine {
  return readLine([fold(`${prefix}:${value}`, lineEnd)]);
}

/** The values of a parameter, in lower case. */
export function parameterOf(line: ContentLine, name: string): readonly string[] {
  return line.parameters
    .filter((parameter) => parameter.name === name)
    .flatMap(({ values }) => values.map((value) => value.toLowerCase()));
}

function readLine(physical: readonly string[]): ContentLine {
  const raw = physical.join('');
  const unfolded = raw.replace(/\r?\n[ \t]/g, '').replace(/\r?\n$/, '');
  const colon = colonOf(unfolded);
  if (colon < 0) return { raw, prefix: '', name: '', parameters: [], value: unfolded };
  const prefix = unfolded.slice(0, colon);
  const [head = '', ...parameters] = splitOutsideQuotes(prefix, ';');
  const name = (head.startsWith(BYTE_ORDER_MARK) ? head.slice(BYTE_ORDER_MARK.length) : head).replace(/^[^.]*\./, '');
  return {
    raw,
    prefix,
    name: name.trim().toUpperCase(),
    parameters: parameters.map(readParameter),
    value: unfolded.slice(colon + 1),
  };
}

/** The first colon outside quotes; where a quote is never closed, the first colon at all. */
function colonOf(unfolded: string): number {
  const [prefix = ''] = splitOutsideQuotes(unfolded, ':');
  return prefix.length < unfolded.length ? prefix.length : unfolded.indexOf(':');
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
      // Values are not looked into: they may be megabytes.
      if (separator === ':') break;
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
