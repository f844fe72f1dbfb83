import { EXIT, type ExitStatus } from '../../errors';
import { escapeInvisible, plural } from '../../printable';
import type { Screen } from '../../screen/screen';
import { type Column, table } from '../../screen/table';
import { type Caution, cautionText } from '../../triage/caution';
import { compareTexts } from '../../triage/order';
import { byDomain, type Queue, TOGETHER, type WaitingSender } from '../../triage/queue';
import type { CommandContext } from '../context';
import { findCautions } from './find-cautions';
import { readQueue } from './read-queue';

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
  const cautions = await findCautions(waiting.senders, { mail, book }, context.settings);
  const entries = waiting.senders.map((one) => entryOf(one, cautions.get(one.sender) ?? []));
  for (const line of options.has('json') ? jsonOf(entries) : textOf(entries, waiting, screen)) print(line);
  return EXIT.ok;
}

/** What is told of a sender. */
interface Entry extends WaitingSender {
  /** The addresses under which its name is in the address book. */
  readonly knownAs: readonly string[];
  /** Why one may want to look twice before one lets it in. */
  readonly cautions: readonly Caution[];
}

function entryOf(one: WaitingSender, cautions: readonly Caution[]): Entry {
  return { ...one, knownAs: cautions.flatMap((each) => (each.kind === 'known name' ? each.addresses : [])), cautions };
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

/** A sender, or the domain that the senders below it have. */
interface Row extends Pick<Entry, 'sender' | 'name' | 'messages' | 'newest' | 'oldest' | 'subject'> {
  readonly kind: string;
  readonly cautions: readonly Caution[];
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'SENDER', cell: ({ sender }) => sender },
  { title: 'NAME', cell: ({ name }) => name ?? '', gives: { most: 30, least: 10 } },
  { title: 'MAIL', cell: ({ messages }) => String(messages), align: 'right' },
  { title: 'NEWEST', cell: ({ newest }) => day(newest) },
  { title: 'SUBJECT', cell: ({ subject }) => subject, gives: { most: 50, least: 12 } },
  { title: 'KIND', cell: ({ kind }) => kind, spare: true },
  { title: 'OLDEST', cell: ({ oldest, newest }) => (day(oldest) === day(newest) ? '' : day(oldest)), spare: true },
];

/** Senders of one domain stand below it where there are several. */
function rowsOf(bundle: readonly Entry[]): readonly Row[] {
  const rows = bundle.map((entry) => ({ ...entry, kind: kindOf(entry) }));
  const [first] = bundle;
  if (first === undefined || bundle.length < TOGETHER) return rows;
  const domain = {
    sender: first.domain ?? '',
    name: plural(bundle.length, 'sender'),
    messages: bundle.reduce((sum, { messages }) => sum + messages, 0),
    newest: first.newest,
    oldest: bundle.map(({ oldest }) => oldest).toSorted(compareTexts)[0] ?? first.oldest,
    subject: '',
    kind: 'domain',
    cautions: [],
  };
  return [domain, ...rows.map((row) => ({ ...row, sender: `${INDENT}${row.sender}` }))];
}

const INDENT = '  ';

function* textOf(
  entries: readonly Entry[],
  { withoutSender, severalSenders }: Queue,
  screen: Screen,
): Generator<string> {
  if (entries.length > 0) {
    yield* table(COLUMNS, byDomain(entries).flatMap(rowsOf), screen, { remark: cautionOn });
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
function cautionOn({ cautions }: Row): string | undefined {
  return cautions.length === 0 ? undefined : cautions.map(cautionText).join('; ');
}
