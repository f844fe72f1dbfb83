import { mailboxPath } from '../../cycle/locate';
import { extrasFor, recently } from '../../cycle/read';
import type { Mail, Mailbox } from '../../ports';
import type { Progress } from '../../progress';
import { domainOf } from '../../triage/address';
import type { Message } from '../../triage/message';
import { carries, managedMailboxes, type Places } from '../../triage/places';
import { addressesOf, senderOf } from '../../triage/sender';
import { listOf, type Subject } from '../../triage/subject';

/** Messages that have to do with an address or a domain. */
export interface FoundMessages {
  /** Those with it among their `From` addresses; of a domain those whose sender is at it. */
  readonly from: readonly Message[];
  /** Those that a mailing list has sent that is posted to at this address. */
  readonly toList: readonly Message[];
}

/**
 * The messages, wherever they are. What Mailroom has to do with is listed, and so is what is recent; the rest is searched
 * for, as far as the server's index goes.
 */
export async function readMessages(
  subject: Subject,
  mail: Mail,
  places: Places,
  { now, progress }: { readonly now: Date; readonly progress: Progress },
): Promise<FoundMessages> {
  const { screener, errorLabel, warningLabel, labels } = places;
  const ours = new Set([screener, errorLabel, warningLabel ?? screener, ...labels.keys(), ...managedMailboxes(places)]);
  const total = mail.mailboxes.filter(({ id }) => ours.has(id)).reduce((sum, { totalEmails }) => sum + totalEmails, 0);
  const from = new Map<string, Message>();
  const toList = new Map<string, Message>();
  const isDomain = subject.kind === 'domain';
  const queries = [
    { inMailboxes: [...ours] },
    { since: recently(now) },
    { from: [isDomain ? subject.address.slice(1) : subject.address] },
    ...(isDomain || places.wholeList === null ? [] : [{ to: [subject.address] }]),
  ];
  let read = 0;
  for await (const page of mail.messages(queries, extrasFor(places))) {
    for (const message of page) {
      if (isFrom(message, subject)) from.set(message.id, message);
      if (listOf(message)?.address === subject.address) toList.set(message.id, message);
    }
    read += page.length;
    progress.show('Reading mail', read, total);
  }
  progress.end();
  return { from: [...from.values()], toList: [...toList.values()] };
}

/** True for a message by which the next cycle may judge the sender, its domain, or the list at this address. */
export function concerns(message: Message, subject: Subject, places: Places): boolean {
  if (isFrom(message, subject)) return true;
  if (carries(message, places.wholeDomain)) return domainOf(senderOf(message) ?? '') === domainOf(subject.address);
  return carries(message, places.wholeList) && listOf(message)?.address === subject.address;
}

function isFrom(message: Message, { kind, address }: Subject): boolean {
  if (kind !== 'domain') return addressesOf(message).includes(address);
  const sender = senderOf(message);
  return sender !== null && domainOf(sender) === domainOf(address);
}

/** Id → name of a mailbox; where several have that name, the path to it. */
export function namesOf(mailboxes: readonly Mailbox[]): ReadonlyMap<string, string> {
  const isShared = ({ id, name }: Mailbox) => mailboxes.some((other) => other.name === name && other.id !== id);
  return new Map(
    mailboxes.map((mailbox) => [mailbox.id, isShared(mailbox) ? mailboxPath(mailbox, mailboxes) : mailbox.name]),
  );
}

/** Name of a mailbox → how many of the messages are in it, for the mailboxes that are wanted. */
export function countsBy(
  names: ReadonlyMap<string, string>,
  messages: readonly Message[],
  wanted: (mailboxId: string) => boolean,
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const id of messages.flatMap(({ mailboxIds }) => mailboxIds.filter(wanted))) {
    const name = names.get(id) ?? id;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([one], [other]) => one.localeCompare(other)));
}
