import { EXIT, type ExitStatus } from '../../errors';
import { escapeInvisible, plural } from '../../printable';
import type { Screen } from '../../screen/screen';
import { type Column, table } from '../../screen/table';
import type { Queue, WaitingSender } from '../../triage/queue';
import type { CommandContext } from '../context';
import { findNamesakes, readQueue } from './read-queue';

type QueueContext = Pick<CommandContext, 'settings' | 'openMail' | 'open' | 'print' | 'screen' | 'progress'>;

/** Tells who waits in the Screener, whoever wrote last first. Reads only. */
export async function queue(context: QueueContext, options: ReadonlySet<string>): Promise<ExitStatus> {
  const { openMail, open, print, screen } = context;
  if (options.has('count')) {
    const waiting = await readQueue(await openMail(), context);
    print(String(waiting.senders.length));
    return EXIT.ok;
  }
  const { mail, book } = await open();
  const waiting = await readQueue(mail, context);
  const known = await findNamesakes(waiting.senders, book);
  const entries = waiting.senders.map((one) => ({ ...one, knownAs: known.get(one.sender) ?? [] }));
  for (const line of options.has('json') ? jsonOf(entries) : textOf(entries, waiting, screen)) print(line);
  return EXIT.ok;
}

/** What is told of a sender: also the addresses under which its name is in the address book. */
interface Entry extends WaitingSender {
  readonly knownAs: readonly string[];
}

/** One array, a line for each sender. */
function* jsonOf(entries: readonly Entry[]): Generator<string> {
  if (entries.length === 0) return yield '[]';
  for (const [index, entry] of entries.entries()) {
    const start = index === 0 ? '[' : ' ';
    const end = index === entries.length - 1 ? ']' : ',';
    yield start + escapeInvisible(JSON.stringify(entry)) + end;
  }
}

const COLUMNS: readonly Column<Entry>[] = [
  { title: 'SENDER', cell: ({ sender }) => sender },
  { title: 'NAME', cell: ({ name }) => name ?? '', gives: { most: 30, least: 10 } },
  { title: 'MAIL', cell: ({ messages }) => String(messages), align: 'right' },
  { title: 'NEWEST', cell: ({ newest }) => day(newest) },
  { title: 'SUBJECT', cell: ({ subject }) => subject, gives: { most: 50, least: 12 } },
  { title: 'KIND', cell: kindOf, spare: true },
  { title: 'OLDEST', cell: ({ oldest, newest }) => (day(oldest) === day(newest) ? '' : day(oldest)), spare: true },
];

function* textOf(
  entries: readonly Entry[],
  { withoutSender, severalSenders }: Queue,
  screen: Screen,
): Generator<string> {
  if (entries.length > 0) {
    yield* table(COLUMNS, entries, screen, { remark: cautionOn });
    yield '';
  }
  const messages = entries.reduce((sum, entry) => sum + entry.messages, 0);
  const verb = entries.length === 1 ? 'waits' : 'wait';
  yield entries.length === 0
    ? 'Nobody waits in the Screener.'
    : `${plural(entries.length, 'sender')} ${verb} with ${plural(messages, 'message')}.`;
  if (withoutSender > 0) yield `Besides: ${plural(withoutSender, 'message')} without a usable From address.`;
  if (severalSenders > 0) yield `Besides: ${plural(severalSenders, 'message')} with several From addresses.`;
}

function day(date: string): string {
  return date.slice(0, 10);
}

function kindOf({ list, noReply }: Entry): string {
  return [list ? 'list' : '', noReply ? 'no-reply' : ''].filter((kind) => kind !== '').join(', ');
}

/** An old friend with a new address, or somebody who pretends to be one. */
function cautionOn({ knownAs }: Entry): string | undefined {
  return knownAs.length === 0 ? undefined : `this name is known as ${knownAs.join(', ')}`;
}
