import { MailroomError } from '../errors';
import type { ByteText } from './bytes';
import { type ContentLine, readLines } from './content-line';
import { unescapeText } from './text-value';

/** A vCard as the lines that it is written in. */
export interface Card {
  readonly lines: readonly ContentLine[];
  /** The card's own properties, which those of components nested in it are not. */
  readonly properties: readonly ContentLine[];
  readonly end: ContentLine;
  readonly lineEnd: '\r\n' | '\n';
}

export interface LineChanges {
  /** What takes a line's place; null takes it out. */
  readonly replaced: ReadonlyMap<ContentLine, ContentLine | null>;
  readonly added: readonly ContentLine[];
  /** What added lines come behind; without it they are the card's last. */
  readonly behind?: ContentLine | undefined;
}

/** The properties whose values are looked at. All others, a picture for one, may be of any length. */
const READ = new Set([
  ...['BEGIN', 'END', 'VERSION', 'UID', 'FN', 'N', 'ORG', 'EMAIL', 'NOTE', 'X-MAILROOM-DIGEST'],
  ...['KIND', 'MEMBER', 'X-ADDRESSBOOKSERVER-KIND', 'X-ADDRESSBOOKSERVER-MEMBER'],
]);
const MOST_OCTETS = 1024 * 1024;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads the first vCard of a resource, 3.0 or 4.0, with CRLF or LF. Errors say what is wrong with it, and not which it is.
 *
 * @throws MailroomError `protocol` for what is no vCard, or not a whole one, and `refused` for one that holds more than
 *   can be borne: 100,000 lines, or 1 MiB in a property that is read
 */
export function readCard(text: ByteText): Card {
  return cardOf(readLines(text));
}

function cardOf(lines: readonly ContentLine[]): Card {
  const properties: ContentLine[] = [];
  const open: string[] = [];
  for (const line of lines) {
    if (line.raw.length > MOST_OCTETS && READ.has(line.name)) {
      throw new MailroomError({ code: 'refused', message: `its ${line.name} is longer than 1 MiB` });
    }
    if (line.name === 'BEGIN') {
      open.push(line.value.trim().toUpperCase());
    } else if (line.name === 'END') {
      if (open.pop() === 'VCARD' && open.length === 0) {
        return { lines, properties, end: line, lineEnd: lines[0]?.raw.endsWith('\r\n') ? '\r\n' : '\n' };
      }
    } else if (open.length === 1 && line.name !== '') {
      properties.push(line);
    }
  }
  throw new MailroomError({ code: 'protocol', message: 'it is no whole vCard' });
}

/** The card's bytes, written once: a card may be megabytes long. */
export function cardBytes({ lines }: Card): Buffer {
  const bytes = Buffer.allocUnsafe(lines.reduce((length, { raw }) => length + raw.length, 0));
  let at = 0;
  for (const { raw } of lines) at += bytes.write(raw, at, 'latin1');
  return bytes;
}

/** The card's own properties of these names, in their order. */
export function propertiesOf(card: Card, ...names: readonly string[]): readonly ContentLine[] {
  return card.properties.filter(({ name }) => names.includes(name));
}

/** The card with these changes; all other lines are as they were. */
export function withLines(card: Card, { replaced, added, behind }: LineChanges): Card {
  const lines = card.lines.flatMap((line) => {
    const kept = replaced.has(line) ? replaced.get(line) : line;
    const before = behind === undefined && line === card.end ? added : [];
    const after = line === behind ? added : [];
    return [...before, ...(kept ? [kept] : []), ...after];
  });
  return cardOf(lines);
}

/** The UID as the card has it; null without one. */
export function uidOf(card: Card): string | null {
  const line = propertiesOf(card, 'UID')[0];
  return line === undefined ? null : unescapeText(line.value).trim() || null;
}

/** FN; null without one. */
export function formattedNameOf(card: Card): string | null {
  const line = propertiesOf(card, 'FN')[0];
  return line === undefined ? null : unescapeText(line.value);
}

/** A UID, or what a group calls a member, in the form in which they are compared: no `urn:uuid:`, UUIDs in lower case. */
export function plainUid(uid: string): string {
  const plain = uid.replace(/^(?:urn:uuid:)+/i, '');
  return UUID.test(plain) ? plain.toLowerCase() : plain;
}
