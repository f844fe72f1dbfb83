import { requireMailbox } from '../../cycle/locate';
import { EXIT, type ExitStatus } from '../../errors';
import type { AddressBook, Mail } from '../../ports';
import { escapeInvisible, plural } from '../../printable';
import { knownElsewhere, type NamedContact, Queue, type WaitingSender } from '../../triage/queue';
import type { CommandContext } from '../context';
import { type Column, textTable } from '../text-table';

type QueueContext = Pick<CommandContext, 'settings' | 'openMail' | 'open' | 'print' | 'progress'>;

/** Contacts come with their notes: looked up in parts, they are not all in memory at the same time. */
const NAMES_AT_ONCE = 250;

/** Tells who waits in the Screener, whoever wrote last first. Reads only. */
export async function queue(context: QueueContext, options: ReadonlySet<string>): Promise<ExitStatus> {
  const { openMail, open, print } = context;
  if (options.has('count')) {
    const waiting = await readQueue(await openMail(), context);
    print(String(waiting.senders.length));
    return EXIT.ok;
  }
  const { mail, book } = await open();
  const waiting = await readQueue(mail, context);
  const known = await findNamesakes(waiting.senders, book);
  const entries = waiting.senders.map((one) => ({ ...one, knownAs: known.get(one.sender) ?? [] }));
  for (const line of options.has('json') ? jsonOf(entries) : textOf(entries, waiting)) print(line);
  return EXIT.ok;
}

/** What is told of a sender: also the addresses under which its name is in the address book. */
interface Entry extends WaitingSender {
  readonly knownAs: readonly string[];
}

async function readQueue(mail: Mail, { settings, progress }: QueueContext): Promise<Queue> {
  const screener = requireMailbox(settings.screenerMailbox, mail.mailboxes);
  const waiting = new Queue();
  let read = 0;
  if (screener.totalEmails === 0) return waiting;
  for await (const page of mail.listedMessages([{ inMailboxes: [screener.id] }])) {
    waiting.add(page);
    read += page.length;
    progress.show('Reading the Screener', read, screener.totalEmails);
  }
  progress.end();
  return waiting;
}

async function findNamesakes(
  senders: readonly WaitingSender[],
  book: AddressBook,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = [...new Set(senders.flatMap(({ name }) => name ?? []))];
  const namesakes: NamedContact[] = [];
  for (let i = 0; i < names.length; i += NAMES_AT_ONCE) {
    for (const { formattedName, addresses } of await book.findByName(names.slice(i, i + NAMES_AT_ONCE))) {
      namesakes.push({ formattedName, addresses });
    }
  }
  return knownElsewhere(senders, namesakes);
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
  { title: 'NEWEST', width: 10, cell: ({ newest }) => newest.slice(0, 10) },
  { title: 'OLDEST', width: 10, cell: ({ oldest }) => oldest.slice(0, 10) },
  { title: 'MESSAGES', width: 8, cell: ({ messages }) => String(messages), align: 'right' },
  { title: 'SENDER', width: 44, cell: ({ sender, name }) => (name === null ? sender : `${name} <${sender}>`) },
  { title: 'LATEST SUBJECT', width: 40, cell: ({ subject }) => subject },
  { title: 'REMARKS', width: 80, cell: (entry) => remarksOn(entry).join(', ') },
];

function* textOf(entries: readonly Entry[], { withoutSender, severalSenders }: Queue): Generator<string> {
  if (entries.length === 0) {
    yield 'Nobody waits in the Screener.';
  } else {
    const messages = entries.reduce((sum, entry) => sum + entry.messages, 0);
    const verb = entries.length === 1 ? 'waits' : 'wait';
    yield `${plural(entries.length, 'sender')} ${verb} with ${plural(messages, 'message')}.`;
    yield '';
    yield* textTable(COLUMNS, entries);
  }
  if (withoutSender > 0) yield `Besides: ${plural(withoutSender, 'message')} without a usable From address.`;
  if (severalSenders > 0) yield `Besides: ${plural(severalSenders, 'message')} with several From addresses.`;
}

function remarksOn({ list, noReply, knownAs }: Entry): readonly string[] {
  return [
    ...(list ? ['list'] : []),
    ...(noReply ? ['no-reply'] : []),
    ...(knownAs.length === 0 ? [] : [`this name is known as ${knownAs.join(', ')}`]),
  ];
}
