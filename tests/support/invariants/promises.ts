import { foreignGroups, lostLines, lostMemberships, secondContacts, touchedCards } from './card-promises';
import { difference, lostMail, movedMail, unfiledMail } from './mail-promises';
import { INBOX, judgedSenders, pairs, type Rules, releasedSenders } from './rules';
import type { Sight, SightedContact } from './sight';

/**
 * All promises about a cycle, or about several, by what the account held before and holds now; nothing of Mailroom's own
 * code decides them. Sentences that say where one is broken: empty where all of them held.
 *
 * @param before with everything that the user has done meanwhile
 * @param triaged who may have been triaged by then
 */
export function brokenByTriage(
  before: Sight,
  after: Sight,
  rules: Rules,
  triaged: ReadonlySet<string> = judgedSenders(before, rules),
): readonly string[] {
  const released = releasedSenders(before, rules);
  const isKept = ({ addresses }: SightedContact): boolean => !addresses.some((address) => released.has(address));
  const kept = {
    ...before,
    contacts: [...before.contacts.filter(isKept), ...usersOf(before.contacts.filter(not(isKept)))],
  };
  return [
    ...lostMail(before, after),
    ...movedMail(before, after, triaged, rules),
    ...lostLines(kept, after),
    ...touchedCards(before, after, triaged, rules),
    ...secondContacts(before, after, triaged),
    ...lostMemberships(before, after, rules)
      .filter((address) => !released.has(address))
      .map(inNoGroup),
    ...unfiledMail(before, after, rules),
  ];
}

/** The promises about a reset, whole or broken off: nobody's mail or contact is lost, and nothing goes to a new place. */
export function brokenByReset(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const { screener, errorLabel, warningLabel, categories } = rules;
  const ours = new Set([screener, errorLabel, warningLabel, INBOX, ...categories.map(({ mailbox }) => mailbox)]);
  const moved = pairs(before.messages, after.messages).flatMap(([was, is]) =>
    difference(was, is)
      .filter((change) => change !== `+${screener}` && (change.startsWith('+') || !ours.has(change.slice(1))))
      .map((change) => `the message ${was.content} was moved: ${change}`),
  );
  const users = { ...before, contacts: usersOf(before.contacts) };
  return [...lostMail(before, after), ...moved, ...lostLines(users, after), ...foreignGroups(before, after, rules)];
}

/** What the user wrote in contacts that are set free: those that Mailroom made, and the names and notes that it gave, are its own to take back. */
function usersOf(contacts: readonly SightedContact[]): readonly SightedContact[] {
  return contacts
    .filter(({ isOwn, lines }) => !isOwn || lines.some((line) => line.startsWith('TEL')))
    .map((contact) => ({ ...contact, lines: contact.lines.filter((line) => !/^(?:FN|NOTE)[;:]/i.test(line)) }));
}

function not<T>(test: (item: T) => boolean): (item: T) => boolean {
  return (item) => !test(item);
}

function inNoGroup(address: string): string {
  return `${address} is in no group any more`;
}
