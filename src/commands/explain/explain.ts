import { EXIT, type ExitStatus, type MailroomError } from '../../errors';
import { counted, escapeInvisible, plural } from '../../printable';
import { type Titled, titled } from '../../screen/lines';
import { isAddress } from '../../triage/sender';
import type { CommandContext } from '../context';
import { type ContactReport, type ExplainContext, reportOnSender, type SenderReport } from './sender-report';

type Context = Pick<CommandContext, 'open' | 'print' | 'screen'> & ExplainContext;

/**
 * The address that the command line gives.
 *
 * @throws MailroomError `usage` for what is no address alone
 */
export function addressFrom(word: string, usageError: (message: string) => MailroomError): string {
  const address = word.trim();
  if (isAddress(address) && !/[<>,]|@[^@]*\s/.test(address)) return address;
  throw usageError(`${JSON.stringify(word)} is no address; write it alone, such as ann@sender.example`);
}

/** Tells everything about the sender with this address: its contacts, its mail, and what the next cycle would do. Reads only. */
export async function explain(context: Context, address: string, options: ReadonlySet<string>): Promise<ExitStatus> {
  const report = await reportOnSender(address, await context.open(), context);
  context.print(
    options.has('json') ? escapeInvisible(JSON.stringify(report)) : titled(linesOf(report), context.screen).join('\n'),
  );
  return EXIT.ok;
}

function linesOf(report: SenderReport): readonly Titled[] {
  const { sender, category, by, groups, contacts, domainContacts, unreadable, history, mailboxes, labels } = report;
  const { newMail, next, shared } = report;
  return [
    ['Sender', sender],
    ['Category', category === null ? 'none' : by === 'domain' ? `${category}, by its domain` : category],
    ...block(contacts.length > 1 ? 'Contacts' : 'Contact', contacts.map(contactText)),
    ['Groups', groups.join(', ') || 'none'],
    ...[...new Set([...contacts, ...domainContacts].flatMap(({ misspelledIn }) => misspelledIn))].map(
      (name): Titled => [
        'Not found',
        `in ${name} by the server's rules: it spells the contact's UID otherwise than the card does; the next triage mends it`,
      ],
    ),
    ...unreadable.map(
      ({ href, reason }): Titled => ['Unreadable', `${href} ${reason}, and may be its contact: it is not triaged`],
    ),
    ...(domainContacts.length === 0 ? [] : block('Domain', domainContacts.map(domainText))),
    ...block(
      'History',
      history.map(
        ({ date, category: verdict, from }) => `${date}  ${from === null ? verdict : `${from} → ${verdict}`}`,
      ),
    ),
    ['Mail', counted(mailboxes) || 'none'],
    ...(shared === 0
      ? []
      : [['', `${plural(shared, 'message')} with other From addresses as well, which nobody is triaged by`] as const]),
    ['Labels', counted(labels) || 'none'],
    ['New mail', `goes to ${newMail.join(' and ')}, by the rules that setup prints`],
    ['Next cycle', next.text],
  ];
}

function contactText({ name, addresses, own }: ContactReport): string {
  const shown = name?.trim() ? `${name} <${addresses.join(', ')}>` : addresses.join(', ');
  return `${shown}${own ? ', made by Mailroom' : ''}`;
}

function domainText(contact: ContactReport): string {
  return `${contactText(contact)}, in ${contact.groups.join(', ') || 'no group'}`;
}

/** Lines below one title. */
function block(title: string, texts: readonly string[]): readonly Titled[] {
  return texts.length === 0 ? [[title, 'none']] : texts.map((text, index) => [index === 0 ? title : '', text] as const);
}
