import type { Settings } from '../../config';
import { judgedKinds, locate, mailboxNamed, mailboxPath, missingFrom, requireMailbox } from '../../cycle/locate';
import type { AddressBook, Mail, Mailbox } from '../../ports';
import { rulesFor } from '../../triage/routes';
import type { RuleFacts } from './fastmail-rules';
import { sieveScript } from './sieve-script';

/** What is not there yet is made at the top level. */
export function ruleFacts(settings: Settings, mailboxes: readonly Mailbox[]): RuleFacts {
  const { categories, screenerMailbox } = settings;
  return {
    ...rulesFor(categories, judgedKinds(settings, mailboxes)),
    screener: screenerMailbox,
    pathOf: (name) => {
      const found = mailboxNamed(name, mailboxes);
      return typeof found === 'object' ? mailboxPath(found, mailboxes) : name;
    },
  };
}

/** Rules on a mailbox that could be one of several would file into either. Throws `missing`. */
export function refuseAmbiguous(settings: Settings, mailboxes: readonly Mailbox[]): void {
  for (const name of missingFrom(settings, mailboxes, []).ambiguous) requireMailbox(name, mailboxes);
}

/**
 * Sieve knows groups by their UIDs, and files what it cannot file into the Inbox: everything has to be there.
 * Throws `missing` where it is not.
 */
export function scriptFor(settings: Settings, mail: Mail, book: AddressBook): string {
  const { managedGroups } = locate(settings, mail, book);
  return sieveScript({
    ...ruleFacts(settings, mail.mailboxes),
    uidsOf: (name) => managedGroups.filter((group) => group.name === name).map(({ uid }) => uid),
  });
}
