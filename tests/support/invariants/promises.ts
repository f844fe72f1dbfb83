import { lostLines, lostMemberships, secondContacts, touchedCards } from './card-promises';
import { lostMail, movedMail, unfiledMail } from './mail-promises';
import { usersOf } from './reset-promises';
import { judgedSubjects, type Rules, releasedAddresses, type Subject } from './rules';
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
  triaged: ReadonlySet<Subject> = judgedSubjects(before, rules),
): readonly string[] {
  const released = releasedAddresses(before, rules);
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

function not<T>(test: (item: T) => boolean): (item: T) => boolean {
  return (item) => !test(item);
}

function inNoGroup(address: string): string {
  return `${address} is in no group any more`;
}
