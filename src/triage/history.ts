import { isSame, keyOf, LIST_MARK, type Subject, type SubjectKind, subjectAt } from './subject';

/** One verdict, as a contact's note keeps it. */
export interface HistoryEntry {
  /** Day of the verdict in UTC, `YYYY-MM-DD`. */
  readonly date: string;
  readonly category: string;
  /** The category before; null for the first verdict. */
  readonly from: string | null;
  /** Whose it is; null on a contact of Mailroom's own for that sender or domain, whose UID says it. A list is always named. */
  readonly subject: Subject | null;
  /** The FN that Mailroom gave a contact whose own said nothing; null where it left it alone. */
  readonly name: GivenName | null;
}

export interface GivenName {
  /** `filled` an empty FN, `added` a missing one. */
  readonly how: 'filled' | 'added';
  readonly name: string;
}

/** The text that every line of history begins with, and by which contacts with history are found. */
export const HISTORY_MARK = 'Mailroom ';

const DATED = /^Mailroom (\d{4}-\d{2}-\d{2}): /;
const ARROW = ' → ';
const ADDRESS_START = ' <';
const NAME_STARTS = { filled: ' (name filled: ', added: ' (name added: ' } as const;
/** The scheme of RFC 6068, for an address that would be read as something else. */
const ENCODED = 'mailto:';

/** The line that a note gains. Whatever the address and the name are, {@link readHistory} gives the entry back. */
export function historyLine(entry: HistoryEntry): string {
  const { subject } = entry;
  if (subject === null) return lineWith(entry, null);
  const line = lineWith(entry, keyOf(subject));
  const read = readLine(line)?.subject ?? null;
  return read !== null && isSame(read, subject) ? line : lineWith(entry, encoded(subject));
}

/** The verdicts in a note, oldest first. Lines that the user wrote are passed over. */
export function readHistory(note: string): readonly HistoryEntry[] {
  return note.split('\n').flatMap((line) => readLine(line) ?? []);
}

/** Those on subjects of that kind: lists are named, and what names nobody is not on one. */
export function historyOf(note: string, kind: SubjectKind): readonly HistoryEntry[] {
  return readHistory(note).filter(({ subject }) => (subject === null ? kind !== 'list' : subject.kind === kind));
}

/** The lines of a note that Mailroom wrote, as they stand there. */
export function historyLines(note: string): readonly string[] {
  return note.split('\n').filter((line) => readLine(line) !== null);
}

/** True for a text that a line of history could not have as the name of a category. */
export function breaksHistory(name: string): boolean {
  return /[\u2192<]|\(name (filled|added):/u.test(name);
}

function lineWith({ date, category, from, name }: HistoryEntry, address: string | null): string {
  const verdict = from === null ? category : `${from}${ARROW}${category}`;
  const whose = address === null ? '' : `${ADDRESS_START}${address}>`;
  return `${HISTORY_MARK}${date}: ${verdict}${whose}${name === null ? '' : `${NAME_STARTS[name.how]}${name.name})`}`;
}

/** Null for what is no line of history. Takes a time in proportion to the line's length: others write notes as well. */
function readLine(line: string): HistoryEntry | null {
  const [mark, date] = DATED.exec(line) ?? [];
  if (mark === undefined || date === undefined || mark === line) return null;
  const { verdict, subject, name } = partsOf(line.slice(mark.length));
  const arrow = verdict.lastIndexOf(ARROW);
  return {
    date,
    category: arrow < 0 ? verdict : verdict.slice(arrow + ARROW.length),
    from: arrow < 0 ? null : verdict.slice(0, arrow),
    subject,
    name,
  };
}

interface Parts extends Pick<HistoryEntry, 'subject' | 'name'> {
  readonly verdict: string;
}

/** The first beginning of an address or a name ends the verdict, and a name goes on to the end, whatever it holds. */
function partsOf(text: string): Parts {
  const start = text.indexOf(ADDRESS_START, 1);
  const named = nameIn(text, 1);
  const isFirst = start > 0 && (named === null || start < named.start);
  const addressed = isFirst ? addressIn(text, start + ADDRESS_START.length) : null;
  if (addressed !== null) return { verdict: text.slice(0, start), ...addressed };
  if (named !== null) return { verdict: text.slice(0, named.start), subject: null, name: named.given };
  return { verdict: text, subject: null, name: null };
}

/** The address that begins at `start`, with the name behind it; null where none does. */
function addressIn(text: string, start: number): Pick<HistoryEntry, 'subject' | 'name'> | null {
  const at = text.indexOf('@', start + 1);
  if (at < 0) return null;
  const named = nameIn(text, at + 2, '>');
  if (named !== null) return { subject: subjectIn(text.slice(start, named.start)), name: named.given };
  return text.endsWith('>') && text.length > at + 2 ? { subject: subjectIn(text.slice(start, -1)), name: null } : null;
}

/** The first name at or behind `from`, with `before` in front of it. */
function nameIn(text: string, from: number, before = ''): { readonly start: number; readonly given: GivenName } | null {
  if (!text.endsWith(')')) return null;
  const [first] = (['filled', 'added'] as const)
    .map((how) => ({ how, opening: `${before}${NAME_STARTS[how]}` }))
    .map(({ how, opening }) => ({ how, start: text.indexOf(opening, from), length: opening.length }))
    .filter(({ start }) => start >= 0)
    .sort((one, other) => one.start - other.start);
  if (first === undefined) return null;
  const { how, start, length } = first;
  return { start, given: { how, name: text.slice(start + length, -1) } };
}

function subjectIn(text: string): Subject {
  if (text.startsWith(LIST_MARK)) return { kind: 'list', address: decoded(text.slice(LIST_MARK.length)) };
  return subjectAt(decoded(text));
}

function encoded({ kind, address }: Subject): string {
  const at = address.lastIndexOf('@');
  const uri = `${ENCODED}${encodeURIComponent(address.slice(0, at))}@${encodeURIComponent(address.slice(at + 1))}`;
  return kind === 'list' ? LIST_MARK + uri : uri;
}

function decoded(address: string): string {
  if (!address.startsWith(ENCODED)) return address;
  try {
    return decodeURIComponent(address.slice(ENCODED.length));
  } catch {
    return address;
  }
}
