/** An address of a header, decoded (RFC 8621, section 4.1.2.3). */
export interface EmailAddress {
  readonly name: string | null;
  readonly email: string;
}

export interface Header {
  readonly name: string;
  /** Everything after the colon, unfolded by nobody. */
  readonly value: string;
}

/** The header fields of a message (RFC 5322, section 2.2), in their order. */
export function headersOf(raw: Buffer): readonly Header[] {
  const [head = ''] = raw.toString('utf8').split(/\r?\n\r?\n/, 1);
  return head
    .replace(/\r?\n(?=[ \t])/g, '')
    .split(/\r?\n/)
    .filter((line) => line.includes(':'))
    .map((line) => ({ name: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 1) }));
}

/** The last header field of that name; undefined without one. */
export function headerValue(headers: readonly Header[], name: string): string | undefined {
  return headers.findLast((header) => header.name.toLowerCase() === name.toLowerCase())?.value;
}

/** All header fields of that name, in their order. */
export function headerValues(headers: readonly Header[], name: string): readonly string[] {
  return headers.filter((header) => header.name.toLowerCase() === name.toLowerCase()).map(({ value }) => value);
}

/** Encoded words (RFC 2047) as text. */
export function decodeText(value: string): string {
  return value
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi, (_, charset: string, encoding: string, text: string) => {
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : quotedBytes(text);
      return new TextDecoder(charset).decode(bytes);
    })
    .trim();
}

/** The addresses of a From header; null where it is empty, none where it makes no sense. */
export function parseAddresses(value: string): readonly EmailAddress[] | null {
  if (value.trim() === '') return null;
  return splitList(value).flatMap((item) => parseAddress(item) ?? []);
}

function parseAddress(item: string): EmailAddress | undefined {
  const [, phrase = '', inside] = /^((?:"(?:\\.|[^"\\])*"|[^"<])*)<([^>]*)>/s.exec(item) ?? [];
  if (inside === undefined) {
    const bare = item.trim();
    return bare.includes('@') ? { name: null, email: unquote(bare) } : undefined;
  }
  const name = decodeText(unquote(phrase.trim()));
  return inside === '' ? undefined : { name: name === '' ? null : name, email: unquote(inside.trim()) };
}

/** Splits at commas, and drops the frame of groups (`Team: a@x, b@x;`); quoted strings stay whole. */
function splitList(value: string): readonly string[] {
  const parts = value.match(/"(?:\\.|[^"\\])*"|<[^>]*>|[,:;]|[^",:;<]+/gs) ?? [];
  const items: string[] = [''];
  for (const part of parts) {
    if (part === ',' || part === ';') items.push('');
    else if (part === ':') items[items.length - 1] = '';
    else items[items.length - 1] += part;
  }
  return items;
}

function unquote(text: string): string {
  return text.replace(/"((?:\\.|[^"\\])*)"/gs, (_, inside: string) => inside.replace(/\\(.)/gs, '$1'));
}

function quotedBytes(text: string): Buffer {
  const plain = text
    .replace(/_/g, ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
