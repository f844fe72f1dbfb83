import { contactAddress, managedGroups, pairs, type Rules, type Subject } from './rules';
import type { Sight, SightedContact, SightedGroup } from './sight';

/** No content line of a contact is lost: a NOTE may gain lines at its end, and an empty FN its name. */
export function lostLines(before: Sight, after: Sight): readonly string[] {
  const now = new Map(after.contacts.map((contact) => [contact.uid, contact]));
  return before.contacts.flatMap(({ uid, lines }) => {
    const contact = now.get(uid);
    if (contact === undefined) return [`the contact ${uid} is gone`];
    const rest = [...contact.lines];
    return lines.flatMap((line) => {
      const place = rest.findIndex((each) => each === line || grewFrom(line, each));
      if (place < 0) return [`the contact ${uid} has lost "${line}"`];
      rest.splice(place, 1);
      return [];
    });
  });
}

function grewFrom(was: string, is: string): boolean {
  if (/^(?:[^:;.]*\.)?NOTE[;:]/i.test(was)) return is.startsWith(was);
  return /^FN[^:]*:\s*$/i.test(was) && is.startsWith(was.trimEnd());
}

/** Contacts of others are as they were; of groups only members change that are contacts of labelled senders. */
export function touchedCards(
  before: Sight,
  after: Sight,
  triaged: ReadonlySet<Subject>,
  rules: Rules,
): readonly string[] {
  const judged = new Set([...triaged].map(contactAddress));
  const isTriaged = ({ addresses }: SightedContact): boolean => addresses.some((address) => judged.has(address));
  const contacts = pairs(before.contacts, after.contacts)
    .filter(([was, is]) => !isTriaged(was) && was.lines.join('\n') !== is.lines.join('\n'))
    .map(([{ uid }]) => `the contact ${uid} of somebody else was changed`);
  const gained = pairs(before.contacts, after.contacts).flatMap(([was, is]) =>
    is.lines
      .filter((line) => !was.lines.includes(line) && !/^(?:(?:[^:;.]*\.)?NOTE|FN|REV|PRODID)[;:]/i.test(line))
      .map((line) => `the contact ${was.uid} gained "${line}"`),
  );
  const free = new Set([...before.contacts, ...after.contacts].filter(isTriaged).map(({ uid }) => uid));
  const managed = managedGroups(rules);
  const members = pairs(before.groups, after.groups).flatMap(([was, is]) =>
    changedMembers(was, is)
      .filter((uid) => managed.has(was.name) && !free.has(uid))
      .map((uid) => `the membership of ${uid} in ${was.name} was changed`),
  );
  return [...contacts, ...gained, ...members, ...foreignGroups(before, after, rules)];
}

/** Every group is there, with all lines that do not name a member; those of the user's own have their members too. */
export function foreignGroups(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const managed = managedGroups(rules);
  return before.groups.flatMap((was) => {
    const is = after.groups.find(({ uid }) => uid === was.uid);
    if (is === undefined) return [`the group ${was.name} is gone`];
    const lost = was.lines.filter((line) => !is.lines.includes(line));
    const changed = managed.has(was.name) ? [] : changedMembers(was, is);
    return [
      ...lost.map((line) => `the group ${was.name} has lost "${line}"`),
      ...changed.map((uid) => `the membership of ${uid} in ${was.name} was changed`),
    ];
  });
}

function changedMembers(was: SightedGroup, is: SightedGroup): readonly string[] {
  return [
    ...was.members.filter((uid) => !is.members.includes(uid)),
    ...is.members.filter((uid) => !was.members.includes(uid)),
  ];
}

/** A sender gets a contact only where it has none, and never a second one. */
export function secondContacts(before: Sight, after: Sight, triaged: ReadonlySet<Subject>): readonly string[] {
  const known = new Set(before.contacts.map(({ uid }) => uid));
  const judged = new Set([...triaged].map(contactAddress));
  const made = after.contacts.filter(({ uid }) => !known.has(uid));
  return made.flatMap(({ uid, isOwn, addresses }) => {
    const [address = ''] = addresses;
    if (!isOwn || addresses.length !== 1 || !judged.has(address)) return [`the contact ${uid} came from nowhere`];
    const others = after.contacts.filter((contact) => contact.uid !== uid && contact.addresses.includes(address));
    return others.map((other) => `${address} has the contact ${uid} beside ${other.uid}`);
  });
}

/** Addresses that were in a managed group, and are in none. */
export function lostMemberships(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const now = groupedAddresses(after, rules);
  return [...groupedAddresses(before, rules)].filter((address) => !now.has(address));
}

function groupedAddresses({ contacts, groups }: Sight, rules: Rules): ReadonlySet<string> {
  const managed = managedGroups(rules);
  const members = new Set(groups.filter(({ name }) => managed.has(name)).flatMap((group) => group.members));
  return new Set(contacts.filter(({ uid }) => members.has(uid)).flatMap(({ addresses }) => addresses));
}
