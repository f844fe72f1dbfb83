import type { Sight, SightedContact } from '../support/invariants/sight';

/** What an account holds, without what may differ between two ways to the same end: ids, and the order of members. */
export interface Outcome {
  readonly mailboxes: readonly string[];
  /** Content of each message → where it is. */
  readonly mail: Readonly<Record<string, string>>;
  readonly contacts: readonly string[];
  readonly groups: readonly string[];
}

export function outcomeOf({ mailboxes, messages, contacts, groups }: Sight): Outcome {
  const names = new Map(contacts.map((contact) => [contact.uid, nameOf(contact)]));
  return {
    mailboxes: [...mailboxes].sort(),
    mail: Object.fromEntries(messages.map((message) => [message.content, [...message.mailboxes].sort().join(', ')])),
    contacts: contacts.map((contact) => `${nameOf(contact)}: ${linesOf(contact).join(' | ')}`).sort(),
    groups: groups
      .map(
        ({ name, members }) =>
          `${name}: ${members
            .map((uid) => names.get(uid) ?? uid)
            .sort()
            .join(', ')}`,
      )
      .sort(),
  };
}

/** The UID of Mailroom's contact may be the second that it tried: the address tells whose it is. */
function nameOf({ uid, isOwn, addresses }: SightedContact): string {
  return isOwn ? `own ${addresses.join(' ')}` : uid;
}

/** The day of a verdict is that of the run. */
function linesOf({ isOwn, lines }: SightedContact): readonly string[] {
  return lines
    .filter((line) => !isOwn || !/^(?:UID|X-MAILROOM-DIGEST):/.test(line))
    .map((line) => line.replace(/Mailroom \d{4}-\d{2}-\d{2}:/g, 'Mailroom:'));
}

/** Where two outcomes differ, a line for each; empty where they are the same. */
export function differences(expected: Outcome, found: Outcome): readonly string[] {
  const lists = (['mailboxes', 'contacts', 'groups'] as const).flatMap((part) => [
    ...expected[part].filter((line) => !found[part].includes(line)).map((line) => `missing: ${line}`),
    ...found[part]
      .filter((line, place) => !expected[part].includes(line) || found[part].indexOf(line) !== place)
      .map((line) => `unexpected: ${line}`),
  ]);
  const moved = Object.entries(expected.mail).flatMap(([content, places]) =>
    found.mail[content] === places ? [] : [`${content}: in ${found.mail[content]} instead of ${places}`],
  );
  return [...lists, ...moved];
}
