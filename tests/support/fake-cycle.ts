import { type CycleEnd, type OnceContext, once } from '../../src/commands/once/once';
import { readSettings, type Settings } from '../../src/config';
import { judgedKinds, neededGroups } from '../../src/cycle/locate';
import type { Log, LogFields } from '../../src/log';
import type { Mailbox } from '../../src/ports';
import type { Category } from '../../src/triage/category';
import type { Contact, Group } from '../../src/triage/contact';
import type { Feature } from '../../src/triage/features';
import type { Message } from '../../src/triage/message';
import type { CyclePlan } from '../../src/triage/plan';
import { aGroup, aMailbox, ERROR_LABEL, INBOX, JUNK, ownUidOf, SCREENER, WARNING_LABEL } from './builders';
import { FakeAddressBook, type FakeAddressBookOptions } from './fake-address-book';
import { FakeMail, type FakeMailOptions } from './fake-mail';
import type { Rules } from './invariants/rules';
import type { Sight } from './invariants/sight';
import { type Journal, journalWith, type Trouble } from './journal';

export const NOW = new Date('2026-03-01T10:00:00Z');

const REQUIRED = {
  MAILROOM_JMAP_TOKEN: 'token',
  MAILROOM_CARDDAV_USERNAME: 'me@example.com',
  MAILROOM_CARDDAV_PASSWORD: 'password',
  // What slips past the rules has a suite of its own: elsewhere everything in the Screener stays unless it is triaged.
  MAILROOM_SWEEP: 'false',
};

export function settingsWith(categories?: readonly Category[], environment: Record<string, string> = {}): Settings {
  const own = categories === undefined ? {} : { MAILROOM_CATEGORIES: JSON.stringify(categories) };
  return readSettings({ ...REQUIRED, ...own, ...environment });
}

/** Every mailbox that the settings name, and some of the user's own. What is optional is there where it is asked for. */
export function mailboxesFor(
  { categories, featureLabels }: Settings,
  features: readonly Feature[] = [],
): readonly Mailbox[] {
  const optional = features.flatMap((feature) => featureLabels[feature] ?? []);
  const names = [SCREENER, ERROR_LABEL, WARNING_LABEL, ...categories.flatMap(({ label, mailbox }) => [label, mailbox])];
  const others = [...new Set([...names, 'Archive', 'Sent', 'My label'])].filter((name) => name !== INBOX);
  return [
    aMailbox(INBOX, { role: 'inbox' }),
    ...[...others, ...optional].map((name) => aMailbox(name)),
    aMailbox(JUNK, { role: 'junk' }),
  ];
}

export interface AccountSpec {
  readonly messages: readonly Message[];
  readonly contacts?: readonly Contact[];
  /** Name of a group → UIDs of its members; groups that are not named are empty. */
  readonly members?: Readonly<Record<string, readonly string[]>>;
  readonly settings?: Settings;
  /** What is there of that which is optional. */
  readonly features?: readonly Feature[];
  readonly trouble?: Trouble;
  readonly mail?: Partial<FakeMailOptions>;
  readonly book?: Partial<FakeAddressBookOptions>;
}

/** Both fake servers, with everything that the settings name. */
export interface FakeAccount {
  readonly settings: Settings;
  readonly mail: FakeMail;
  readonly book: FakeAddressBook;
  readonly journal: Journal;
}

export function anAccount(spec: AccountSpec): FakeAccount {
  const { messages, contacts = [], members = {}, settings = settingsWith(), features = [] } = spec;
  const journal = journalWith(spec.trouble);
  const mailboxes = mailboxesFor(settings, features);
  const names = neededGroups(settings, judgedKinds(settings, mailboxes));
  const groups: readonly Group[] = names.map((name) => aGroup(name, members[name]));
  return {
    settings,
    journal,
    mail: new FakeMail({ mailboxes, messages, journal, ...spec.mail }),
    book: new FakeAddressBook({ contacts, groups, journal, ...spec.book }),
  };
}

/** What both servers hold, to be compared. */
export function contentOf({ mail, book }: FakeAccount) {
  return { places: mail.places, members: book.members, contacts: book.contacts };
}

/** The same in the terms of promises; ids of mailboxes are their names. */
export function sightOf({ settings, mail, book }: FakeAccount): Sight {
  return {
    mailboxes: mailboxesFor(settings).map(({ name }) => name),
    messages: mail.messages.map(({ id, from, recipients = [], mailboxIds }) => ({
      id,
      content: JSON.stringify([id, from]),
      sender: from?.[0]?.email.toLowerCase() ?? null,
      recipients,
      mailboxes: mailboxIds,
    })),
    contacts: book.contacts.map(({ uid, addresses, formattedName, note, pristine }) => ({
      uid,
      addresses: addresses.map((each) => each.toLowerCase()),
      isOwn: pristine,
      lines: [
        `UID:${uid}`,
        ...(formattedName === null ? [] : [`FN:${formattedName}`]),
        ...addresses.map((each) => `EMAIL:${each}`),
        ...(note === '' ? [] : [`NOTE:${note}`]),
      ],
    })),
    groups: book.groups.map(({ uid, name, members }) => ({ uid, name, members, lines: [`UID:${uid}`, `FN:${name}`] })),
  };
}

/** What the settings name, as promises go by it. */
export function rulesOf({ settings }: FakeAccount): Rules {
  const { categories, errorLabel, warningLabel, screenerMailbox: screener } = settings;
  return { categories, screener, errorLabel, warningLabel };
}

export interface LogRecord {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

export function recordingLog(): Log & { readonly records: readonly LogRecord[] } {
  const records: LogRecord[] = [];
  const at = (level: keyof Log) => (message: string, fields?: LogFields) => {
    records.push({ level, message, fields });
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), records };
}

/** One cycle on the account. */
export function cycleOn({ settings, mail, book }: FakeAccount, context: Partial<OnceContext> = {}): Promise<CycleEnd> {
  return once({
    settings,
    log: recordingLog(),
    now: NOW,
    openMail: async () => mail.open(),
    openBook: async () => book.open(),
    ownUid: (address, attempt) => (attempt === 0 ? ownUidOf(address) : `${ownUidOf(address)}-${attempt}`),
    stop: new AbortController().signal,
    showPlan: undefined,
    onStep: () => {},
    ...context,
  });
}

/** What a cycle on the account would write, and writes nothing of. */
export async function planOn(account: FakeAccount, context: Partial<OnceContext> = {}): Promise<CyclePlan> {
  const plans: CyclePlan[] = [];
  await cycleOn(account, { ...context, showPlan: (plan) => plans.push(plan) });
  const [plan] = plans;
  if (plan === undefined) throw new Error('The cycle showed no plan');
  return plan;
}
