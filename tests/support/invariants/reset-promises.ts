import { foreignGroups, lostLines } from './card-promises';
import { difference, lostMail } from './mail-promises';
import { INBOX, managedGroups, pairs, type Rules, type Subject, subjectsOf } from './rules';
import type { Sight, SightedContact } from './sight';

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

/**
 * What a whole reset has left of Mailroom. The mail of everybody, every domain and every list that a contact's history names is out of the managed
 * mailboxes and in the Screener, no message has a system label, the managed groups are empty, no note has a line of
 * Mailroom's, and of its contacts those alone are there into which the user has written.
 */
export function leftByReset(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const { screener, errorLabel, warningLabel, categories } = rules;
  const managed = new Set([...categories.map(({ mailbox }) => mailbox)]);
  const filed = new Set(before.contacts.flatMap(filedBy));
  const mail = pairs(before.messages, after.messages).flatMap(([was, is]) => {
    const isBack =
      subjectsOf(was).some((subject) => filed.has(subject)) && was.mailboxes.some((name) => managed.has(name));
    const kept = was.mailboxes.filter(
      (name) => name !== errorLabel && name !== warningLabel && !(isBack && managed.has(name)),
    );
    const wanted = [...new Set([...kept, ...(isBack || kept.length === 0 ? [screener] : [])])].sort().join(', ');
    const found = [...is.mailboxes].sort().join(', ');
    return found === wanted ? [] : [`the message ${was.content} is in ${found} instead of ${wanted}`];
  });
  const groups = after.groups.filter(({ name, members }) => managedGroups(rules).has(name) && members.length > 0);
  const wanted = new Set(usersOf(before.contacts).map(({ uid }) => uid));
  return [
    ...mail,
    ...groups.map(({ name }) => `the group ${name} has members`),
    ...after.contacts.filter(({ uid }) => !wanted.has(uid)).map(({ uid }) => `the contact ${uid} is left`),
    ...after.contacts.filter((each) => historyOf(each).length > 0).map(({ uid }) => `the contact ${uid} has history`),
  ];
}

/** Lines of Mailroom's in the notes of a contact. */
function historyOf({ lines }: SightedContact): readonly string[] {
  const notes = lines.filter((line) => /^(?:[^:;.]*\.)?NOTE[;:]/i.test(line));
  return notes
    .flatMap((line) => line.slice(line.indexOf(':') + 1).split(/\\n/i))
    .filter((line) => /^Mailroom \d{4}-\d{2}-\d{2}: /.test(line));
}

/** Whose mail was filed by what a contact's history says: lines name an address, or mean those of the contact. */
function filedBy(contact: SightedContact): readonly Subject[] {
  return historyOf(contact).flatMap((line) => /<([^<>]+)>/.exec(line)?.[1]?.toLowerCase() ?? contact.addresses);
}

/** What the user wrote in contacts that are set free: those that Mailroom made, and the names and notes that it gave, are its own to take back. */
export function usersOf(contacts: readonly SightedContact[]): readonly SightedContact[] {
  return contacts
    .filter(({ isOwn, lines }) => !isOwn || lines.some((line) => line.startsWith('TEL')))
    .map((contact) => ({ ...contact, lines: contact.lines.filter((line) => !/^(?:FN|NOTE)[;:]/i.test(line)) }));
}
