import { EXIT, type ExitStatus } from '../../errors';
import { escapeInvisible } from '../../printable';
import { type Column, table } from '../../screen/table';
import { foldAddress } from '../../triage/address';
import { HISTORY_MARK } from '../../triage/history';
import { type RecordedVerdict, recordedVerdicts } from '../../triage/recorded';
import { keyOf } from '../../triage/subject';
import type { CommandContext } from '../context';

export interface HistoryRequest {
  /** The sender; undefined for all of them. */
  readonly address: string | undefined;
  /** The most verdicts that are wanted; undefined for all of them. */
  readonly count: number | undefined;
  readonly json: boolean;
}

/** Tells the verdicts in the contacts' notes, the newest first. Reads only. */
export async function history(
  { openBook, print, screen }: Pick<CommandContext, 'openBook' | 'print' | 'screen'>,
  { address, count, json }: HistoryRequest,
): Promise<ExitStatus> {
  const contacts = await (await openBook()).findByNote(HISTORY_MARK);
  const wanted = address === undefined ? undefined : foldAddress(address);
  const verdicts = recordedVerdicts(contacts)
    .filter(
      ({ subject }) => wanted === undefined || (subject !== null && [subject.address, keyOf(subject)].includes(wanted)),
    )
    .slice(0, count);
  if (json) print(escapeInvisible(JSON.stringify(verdicts.map(reportOn))));
  else if (verdicts.length === 0) print('No note of a contact tells of a verdict.');
  else for (const line of table(COLUMNS, verdicts, screen)) print(line);
  return EXIT.ok;
}

/** `sender`: an address, `*@` and a domain, or `list:` and where a list is posted to. */
function reportOn({ date, subject, ...verdict }: RecordedVerdict) {
  return { date, sender: subject && keyOf(subject), ...verdict };
}

const COLUMNS: readonly Column<RecordedVerdict>[] = [
  { title: 'WHEN', cell: ({ date }) => date },
  { title: 'SENDER', cell: ({ subject }) => (subject === null ? '' : keyOf(subject)) },
  { title: 'NAME', cell: ({ name }) => name ?? '', gives: { most: 30, least: 10 } },
  { title: 'VERDICT', cell: ({ from, category }) => (from === null ? category : `${from} → ${category}`) },
];
