import { EXIT, type ExitStatus, type MailroomError } from '../../errors';
import { counted, escapeInvisible, plural } from '../../printable';
import { type Titled, titled } from '../../screen/lines';
import { domainOf, isWholeDomain, wholeDomainOf } from '../../triage/address';
import { cautionText, firstOf } from '../../triage/caution';
import { isAddress } from '../../triage/sender';
import type { CommandContext } from '../context';
import type { ListReport, ViaList } from './lists';
import { type ContactReport, type ExplainContext, reportOnSender, type SenderReport } from './sender-report';

type Context = Pick<CommandContext, 'open' | 'print' | 'screen'> & ExplainContext;

/**
 * The address that the command line gives; of a domain the one that stands for all of its addresses.
 *
 * @throws MailroomError `usage` for what is no address alone, and no domain
 */
export function addressFrom(word: string, usageError: (message: string) => MailroomError): string {
  const address = word.trim();
  if (isAddress(address) && !/[<>,]|@[^@]*\s/.test(address)) return address;
  if (/^[^\s@<>,.]+(\.[^\s@<>,.]+)+$/u.test(address)) return wholeDomainOf(address);
  throw usageError(
    `${JSON.stringify(word)} is no address and no domain; write it alone, such as ann@sender.example or sender.example`,
  );
}

/**
 * Tells everything about the sender with this address, or about all of a domain: contacts, mail, and what the next cycle would
 * do. Reads only.
 */
export async function explain(context: Context, address: string, options: ReadonlySet<string>): Promise<ExitStatus> {
  const report = await reportOnSender(address, await context.open(), context);
  context.print(
    options.has('json') ? escapeInvisible(JSON.stringify(report)) : titled(linesOf(report), context.screen).join('\n'),
  );
  return EXIT.ok;
}

function linesOf(report: SenderReport): readonly Titled[] {
  const { sender, groups, contacts, domainContacts, unreadable, history, mailboxes, labels } = report;
  const { newMail, next, shared, under, lists, list, cautions } = report;
  return [
    isWholeDomain(sender) ? ['Domain', domainOf(sender)] : ['Sender', sender],
    ['Category', categoryText(report)],
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
    ...(under.length === 0
      ? []
      : [['Under it', `${plural(under.length, 'contact')} of your own without a verdict: ${firstOf(under)}`] as const]),
    ...(lists.length === 0 ? [] : block('By lists', lists.map(viaText))),
    ...(list === null ? [] : [['List', listText(list)] as const]),
    ...(cautions.length === 0 ? [] : block('Careful', cautions.map(cautionText))),
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

/** Which verdict holds, and over which other one. */
function categoryText({ sender, verdicts: [holding, weaker] }: SenderReport): string {
  if (holding === undefined) return 'none';
  if (weaker !== undefined)
    return `${holding.category}, its own verdict, which wins over ${weaker.category} of its domain`;
  return holding.on === 'domain' && !isWholeDomain(sender) ? `${holding.category}, by its domain` : holding.category;
}

function viaText({ list, category, messages }: ViaList): string {
  return `${plural(messages, 'message')} by ${list}: ${category}`;
}

function listText({ category, messages, newMail }: ListReport): string {
  const verdict = category === null ? 'no verdict' : `${category}, for senders that have no verdict, nor their domain`;
  return `${verdict}; ${plural(messages, 'message')} from it; new mail goes to ${newMail.join(' and ')}`;
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
