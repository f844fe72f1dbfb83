import type { Settings } from '../../config';
import { doubtAbout, missingFrom } from '../../cycle/locate';
import { readOnlyContacts, readOnlyMail } from '../../cycle/rights';
import { MailroomError } from '../../errors';
import { SERVICES } from '../../http/services';
import type { AddressBook, Mail } from '../../ports';
import { PROGRAM } from '../../program';
import { isInbox } from '../../triage/categories';
import { type Finding, fault, passed, skipped } from './finding';

/** What was found on the way to a server, and what is behind it where the way is free. */
export interface Look<Opened> {
  readonly findings: readonly Finding[];
  readonly opened: Opened | undefined;
}

interface Steps {
  readonly reachable: string;
  readonly accepted: string;
  readonly found: string;
}

/** The steps on the way to a server, in the order in which they are taken, and what has to be allowed behind it. */
interface Way extends Steps {
  readonly subject: string;
  readonly service: 'JMAP' | 'CardDAV';
  readonly writable: string;
  readonly readOnly: () => MailroomError;
}

const TO_MAIL: Way = {
  subject: 'jmap',
  service: 'JMAP',
  reachable: 'The JMAP host answers',
  accepted: 'JMAP accepts the token',
  found: 'JMAP gives access to mail',
  writable: 'Mail may be changed',
  readOnly: readOnlyMail,
};

const TO_CARDS: Way = {
  subject: 'carddav',
  service: 'CardDAV',
  reachable: 'The CardDAV host answers',
  accepted: 'CardDAV accepts the user name and password',
  found: 'The address book is there',
  writable: 'Contacts may be changed',
  readOnly: readOnlyContacts,
};

export function checkMail(open: () => Promise<Mail>): Promise<Look<Mail>> {
  return lookBehind(open, TO_MAIL);
}

export function checkCards(open: () => Promise<AddressBook>): Promise<Look<AddressBook>> {
  return lookBehind(open, TO_CARDS);
}

/** Every mailbox and group that the settings name. Each missing one is a fault of its own. */
export function checkNames(
  settings: Settings,
  mail: Mail | undefined,
  book: AddressBook | undefined,
): readonly Finding[] {
  const missing = missingFrom(settings, mail?.mailboxes ?? [], book?.groups ?? []);
  const mailboxFaults = [
    ...missing.mailboxes.map((name) =>
      fault('mailboxes', absent(`The mailbox ${JSON.stringify(name)} is missing`, name)),
    ),
    ...missing.ambiguous.map((name) =>
      fault(
        'mailboxes',
        new MailroomError({
          code: 'missing',
          message: `Several nested mailboxes are called ${JSON.stringify(name)}, none at the top level`,
          hint: 'Rename all but one of them, or move one to the top level',
        }),
      ),
    ),
  ];
  const groupFaults = missing.groups.map((name) =>
    fault('groups', absent(`The contact group ${JSON.stringify(name)} is missing`, name, book && doubtAbout(book))),
  );
  return [
    ...(mail === undefined
      ? [skipped('mailboxes', 'The mailboxes and labels: they could not be read')]
      : orPassed(mailboxFaults, passed('mailboxes', 'All mailboxes and labels are there'))),
    ...(book === undefined
      ? [skipped('groups', 'The contact groups: they could not be read')]
      : orPassed(groupFaults, passed('groups', 'All contact groups are there'))),
  ];
}

/** What an error says about the steps before it: they were taken. */
async function lookBehind<Opened extends { readonly writable: boolean }>(
  open: () => Promise<Opened>,
  { subject, service, writable, readOnly, ...steps }: Way,
): Promise<Look<Opened>> {
  const subjects = { reachable: `${subject}-host`, accepted: `${subject}-credentials`, found: subject };
  const take = (names: readonly (keyof Steps)[]) => names.map((name) => passed(subjects[name], steps[name]));
  try {
    const opened = await open();
    const write = `${subject}-write`;
    const rights = opened.writable ? passed(write, writable) : fault(write, readOnly());
    return { opened, findings: [...take(['reachable', 'accepted', 'found']), rights] };
  } catch (error) {
    const code = error instanceof MailroomError ? error.code : undefined;
    if (code === 'credentials') {
      return { opened: undefined, findings: [...take(['reachable']), fault(subjects.accepted, error)] };
    }
    if (code === 'missing' || code === 'refused') {
      return { opened: undefined, findings: [...take(['reachable', 'accepted']), fault(subjects.found, error)] };
    }
    const { urlSetting } = SERVICES[service];
    const hint = `Try again later. If that does not help, look at ${urlSetting}`;
    return { opened: undefined, findings: [{ hint, ...fault(subjects.reachable, error) }] };
  }
}

function absent(message: string, name: string, doubt?: string): MailroomError {
  const way = isInbox(name)
    ? 'It comes with the account: ask whoever runs the server'
    : `\`${PROGRAM} setup --apply\` makes it`;
  return new MailroomError({
    code: 'missing',
    message,
    hint: doubt ?? way,
  });
}

function orPassed(faults: readonly Finding[], otherwise: Finding): readonly Finding[] {
  return faults.length === 0 ? [otherwise] : faults;
}
