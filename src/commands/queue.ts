import { mailboxNamed } from '../cycle/locate';
import { EXIT, type ExitStatus, MailroomError } from '../errors';
import type { AddressBook, Mail } from '../ports';
import { escapeInvisible, plural } from '../printable';
import { knownElsewhere, Queue, type WaitingSender } from '../triage/queue';
import type { CommandContext } from './context';
import { type Column, textTable } from './text-table';

type QueueContext = Pick<CommandContext, 'settings' | 'openMail' | 'open' | 'print' | 'progress'>;

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
  const knownAs = (sender: string): readonly string[] => known.get(sender) ?? [];
  print(
    options.has('json')
      ? escapeInvisible(JSON.stringify(waiting.senders.map((one) => ({ ...one, knownAs: knownAs(one.sender) }))))
      : textOf(waiting, knownAs).join('\n'),
  );
  return EXIT.ok;
}

async function readQueue(mail: Mail, { settings, progress }: QueueContext): Promise<Queue> {
  const screener = mailboxNamed(settings.screenerMailbox, mail.mailboxes);
  if (typeof screener !== 'object') {
    throw new MailroomError({
      code: 'missing',
      message: `There is ${screener === undefined ? 'no mailbox' : 'more than one mailbox'} ${JSON.stringify(settings.screenerMailbox)}`,
      hint: '`node dist/run.js setup` shows what the account lacks',
    });
  }
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
  const names = new Set(senders.flatMap(({ name }) => name ?? []));
  return knownElsewhere(senders, names.size === 0 ? [] : await book.findByName([...names]));
}

const COLUMNS: readonly Column[] = [
  { title: 'NEWEST', width: 10 },
  { title: 'OLDEST', width: 10 },
  { title: 'MESSAGES', width: 8, align: 'right' },
  { title: 'SENDER', width: 44 },
  { title: 'LATEST SUBJECT', width: 40 },
  { title: 'REMARKS', width: 80 },
];

function textOf({ senders, withoutSender }: Queue, knownAs: (sender: string) => readonly string[]): readonly string[] {
  const messages = senders.reduce((sum, one) => sum + one.messages, 0);
  const rest =
    withoutSender === 0 ? [] : [`Besides: ${plural(withoutSender, 'message')} without a usable From address.`];
  if (senders.length === 0) return ['Nobody waits in the Screener.', ...rest];
  const rows = senders.map((one) => [
    one.newest.slice(0, 10),
    one.oldest.slice(0, 10),
    String(one.messages),
    one.name === null ? one.sender : `${one.name} <${one.sender}>`,
    one.subject,
    remarksOn(one, knownAs(one.sender)).join(', '),
  ]);
  const verb = senders.length === 1 ? 'waits' : 'wait';
  return [
    `${plural(senders.length, 'sender')} ${verb} with ${plural(messages, 'message')}.`,
    '',
    ...textTable(COLUMNS, rows),
    ...(rest.length === 0 ? [] : ['', ...rest]),
  ];
}

function remarksOn({ list, noReply }: WaitingSender, addresses: readonly string[]): readonly string[] {
  return [
    ...(list ? ['list'] : []),
    ...(noReply ? ['no-reply'] : []),
    ...(addresses.length === 0 ? [] : [`this name is known as ${addresses.join(', ')}`]),
  ];
}
