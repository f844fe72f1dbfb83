/** One verdict, as a contact's note keeps it. */
export interface HistoryEntry {
  /** Day of the verdict in UTC, `YYYY-MM-DD`. */
  readonly date: string;
  readonly category: string;
  /** The category before; null for the first verdict. */
  readonly from: string | null;
  /** The sender, folded; null on a contact of Mailroom's own for that sender, whose UID says it. */
  readonly sender: string | null;
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

const LINE = /^Mailroom (\d{4}-\d{2}-\d{2}): (.+?)(?: <(.+@.+?)>)?(?: \(name (filled|added): (.*)\))?$/su;
const ARROW = ' → ';

/** The line that a note gains. Read back by {@link readHistory}. */
export function historyLine({ date, category, from, sender, name }: HistoryEntry): string {
  const verdict = from === null ? category : `${from}${ARROW}${category}`;
  const address = sender === null ? '' : ` <${sender}>`;
  return `${HISTORY_MARK}${date}: ${verdict}${address}${name === null ? '' : ` (name ${name.how}: ${name.name})`}`;
}

/** The verdicts in a note, oldest first. Lines that the user wrote are passed over. */
export function readHistory(note: string): readonly HistoryEntry[] {
  return historyLines(note).map((line) => {
    const [, date = '', verdict = '', sender = null, how, name = ''] = LINE.exec(line) ?? [];
    const arrow = verdict.lastIndexOf(ARROW);
    return {
      date,
      category: arrow < 0 ? verdict : verdict.slice(arrow + ARROW.length),
      from: arrow < 0 ? null : verdict.slice(0, arrow),
      sender,
      name: how === 'filled' || how === 'added' ? { how, name } : null,
    };
  });
}

/** The lines of a note that Mailroom wrote, as they stand there. */
export function historyLines(note: string): readonly string[] {
  return note.split('\n').filter((line) => LINE.test(line));
}
