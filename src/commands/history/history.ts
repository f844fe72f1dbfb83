import { EXIT, type ExitStatus } from '../../errors';
import { escapeInvisible } from '../../printable';
import { type Column, table } from '../../screen/table';
import { foldAddress } from '../../triage/address';
import { HISTORY_MARK } from '../../triage/history';
import { type RecordedVerdict, recordedVerdicts } from '../../triage/recorded';
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
  const sender = address === undefined ? undefined : foldAddress(address);
  const verdicts = recordedVerdicts(contacts)
    .filter((verdict) => sender === undefined || verdict.sender === sender)
    .slice(0, count);
  if (json) print(escapeInvisible(JSON.stringify(verdicts)));
  else if (verdicts.length === 0) print('No note of a contact tells of a verdict.');
  else for (const line of table(COLUMNS, verdicts, screen)) print(line);
  return EXIT.ok;
}

const COLUMNS: readonly Column<RecordedVerdict>[] = [
  { title: 'WHEN', cell: ({ date }) => date },
  { title: 'SENDER', cell: ({ sender }) => sender ?? '' },
  { title: 'NAME', cell: ({ name }) => name ?? '', gives: { most: 30, least: 10 } },
  { title: 'VERDICT', cell: ({ from, category }) => (from === null ? category : `${from} → ${category}`) },
];
