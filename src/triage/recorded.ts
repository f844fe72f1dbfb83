import { foldAddress } from './address';
import type { Contact } from './contact';
import { readHistory } from './history';
import { compareTexts } from './order';
import { type Subject, subjectAt } from './subject';

/** A verdict as the notes of contacts tell it. */
export interface RecordedVerdict {
  /** Day in UTC, `YYYY-MM-DD`. */
  readonly date: string;
  /** Whose it is; null where the contact has no address any more. */
  readonly subject: Subject | null;
  /** The contact's name; null without one. */
  readonly name: string | null;
  /** The category before; null for the first verdict. */
  readonly from: string | null;
  readonly category: string;
}

/** All verdicts, the newest first; of one day, those of one contact as they stand in its note, the last one first. */
export function recordedVerdicts(contacts: readonly Contact[]): readonly RecordedVerdict[] {
  return contacts
    .flatMap(({ note, addresses, formattedName }) =>
      readHistory(note)
        .map(({ date, subject, from, category }) => ({
          date,
          // Mailroom's own contact does not name whom it is for: its only address unless the user added one.
          subject: subject ?? (addresses[0] === undefined ? null : subjectAt(foldAddress(addresses[0]))),
          name: formattedName?.trim() || null,
          from,
          category,
        }))
        .reverse(),
    )
    .sort((one, other) => compareTexts(other.date, one.date));
}
