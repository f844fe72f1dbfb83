import type { Settings } from '../../config';
import { locate, mailboxNamed, mailboxPath, missingFrom, requireMailbox } from '../../cycle/locate';
import { combineErrors, EXIT, type ExitStatus, MailroomError } from '../../errors';
import type { AddressBook, Mail, Mailbox } from '../../ports';
import { PROGRAM } from '../../program';
import { indentedSentence, sentence, type Titled, titled } from '../../screen/lines';
import type { Screen } from '../../screen/screen';
import { widthOf } from '../../screen/width';
import type { Feature } from '../../triage/features';
import { routesFor } from '../../triage/routes';
import type { CommandContext } from '../context';
import { fastmailRules, fastmailSteps, type RuleFacts } from './fastmail-rules';
import { type Inventory, type InventoryItem, lackingItems, namesToMake, takeInventory } from './inventory';
import { sieveScript } from './sieve-script';

type SetupContext = Pick<CommandContext, 'settings' | 'now' | 'open' | 'openMail' | 'print' | 'screen' | 'progress'>;

interface Ports {
  readonly mail: Mail;
  readonly book: AddressBook;
}

/** Mailboxes that are made between two looks at the progress. */
const BATCH = 5;

/**
 * Shows what the settings name and what of it the account lacks, and the rules that route mail. With `--apply` it first
 * makes what is missing, and of what is optional that which is `wanted`. Throws {@link MailroomError} with everything
 * that could not be made.
 */
export async function setup(
  context: SetupContext,
  options: ReadonlySet<string>,
  wanted: ReadonlySet<Feature> = new Set(),
): Promise<ExitStatus> {
  const { settings, now, open, openMail, print, screen } = context;
  if (options.has('rules')) {
    const { mailboxes } = await openMail();
    refuseAmbiguous(settings, mailboxes);
    print(JSON.stringify(fastmailRules(ruleFacts(settings, mailboxes), now), null, 2));
    return EXIT.ok;
  }
  const ports = await open();
  if (options.has('sieve')) {
    print(scriptFor(context, ports));
    return EXIT.ok;
  }

  const before = takeInventory(settings, ports.mail.mailboxes, ports.book.groups);
  const apply = options.has('apply');
  const failures = apply ? await makeMissing(before, wanted, ports, context) : [];
  const after = apply && isIncomplete(before, wanted) ? await lookAgain(context) : before;
  const facts = ruleFacts(settings, ports.mail.mailboxes);
  print(
    options.has('json')
      ? JSON.stringify({
          complete: !isIncomplete(after, wanted),
          mailboxes: withMade(before.mailboxes, after.mailboxes),
          groups: withMade(before.groups, after.groups),
          rules: fastmailRules(facts, now),
        })
      : [
          ...inventoryLines(before, after, wanted, apply, screen),
          '',
          ...sentence(RULES_TITLE, screen).map(screen.style.title),
          ...[...fastmailSteps(facts), '', ...OTHER_FORMS].flatMap((line) => indentedSentence(line, screen)),
        ].join('\n'),
  );
  const [first, ...others] = failures;
  if (first !== undefined) throw combineErrors([first, ...others]);
  if (apply && isIncomplete(after, wanted)) throw stillIncomplete(after, wanted);
  return EXIT.ok;
}

const RULES_TITLE = 'Rules to make on Fastmail under Settings → Mail rules, in this order';

const OTHER_FORMS = [
  'Contacts are never screened: mail of those in no group of Mailroom stays in the Inbox.',
  `Or import them there: ${PROGRAM} setup --rules > mailrules.json`,
  `On a Cyrus server:    ${PROGRAM} setup --sieve > mailroom.sieve`,
];

/** Makes everything it can. The failures that came on the way; after one that concerns everything it stops. */
async function makeMissing(
  inventory: Inventory,
  wanted: ReadonlySet<Feature>,
  { mail, book }: Ports,
  { progress }: SetupContext,
): Promise<readonly unknown[]> {
  const mailboxes = namesToMake(inventory.mailboxes, wanted);
  const groups = namesToMake(inventory.groups, wanted);
  const batches = Array.from({ length: Math.ceil(mailboxes.length / BATCH) }, (_, index) =>
    mailboxes.slice(index * BATCH, (index + 1) * BATCH),
  );
  const jobs = [
    ...batches.map((names) => ({ size: names.length, run: () => mail.createMailboxes(names) })),
    ...groups.map((name) => ({ size: 1, run: () => book.createGroup(name) })),
  ];
  const failures: unknown[] = [];
  let done = 0;
  for (const { size, run } of jobs) {
    progress.show('Making mailboxes and groups', done, mailboxes.length + groups.length);
    try {
      await run();
    } catch (error) {
      failures.push(error);
      if (!(error instanceof MailroomError && error.code === 'refused')) break;
    }
    done += size;
  }
  progress.end();
  return failures;
}

/** What is there now, as the servers say. */
async function lookAgain({ settings, open }: SetupContext): Promise<Inventory> {
  const { mail, book } = await open();
  return takeInventory(settings, mail.mailboxes, book.groups);
}

function isIncomplete({ mailboxes, groups }: Inventory, wanted: ReadonlySet<Feature>): boolean {
  return lackingItems([...mailboxes, ...groups], wanted).length > 0;
}

function withMade<Item extends Inventory['groups'][number]>(before: readonly Item[], after: readonly Item[]) {
  return after.map((item, index) => ({ ...item, made: item.state === 'there' && before[index]?.state !== 'there' }));
}

function inventoryLines(
  before: Inventory,
  after: Inventory,
  wanted: ReadonlySet<Feature>,
  applied: boolean,
  screen: Screen,
): readonly string[] {
  const mailboxes = withMade(before.mailboxes, after.mailboxes);
  const groups = withMade(before.groups, after.groups);
  const column = Math.max(...[...mailboxes, ...groups].map(({ name }) => widthOf(name))) + MARK_WIDTH;
  const line = (item: (typeof groups)[number], note = ''): Titled => {
    const [mark, look] = MARKS[item.made ? 'made' : item.state];
    return [`  ${mark} ${item.name}`, `${item.use}${note}${remarkOn(item)}`, look];
  };
  const optional = mailboxes.flatMap(({ feature, state }) => (feature !== null && state === 'missing' ? feature : []));
  const made = [mailboxes, groups].map((items) => items.filter((item) => item.made).length);
  const hidden = mailboxes.filter(({ subscribed }) => subscribed === false).map(({ name }) => name);
  return [
    screen.style.title('Mailboxes and labels'),
    ...titled(
      mailboxes.map((item) => line(item, item.subscribed === false ? ' (not subscribed)' : '')),
      screen,
      column,
    ),
    screen.style.title('Contact groups'),
    ...titled(
      groups.map((item) => line(item)),
      screen,
      column,
    ),
    '',
    ...[
      conclusion(lackingItems(mailboxes, wanted), lackingItems(groups, wanted), made, applied),
      ...(optional.length === 0
        ? []
        : [`Optional, and missing: ${PROGRAM} setup --apply --with ${optional.join(',')}`]),
      ...(hidden.length === 0
        ? []
        : [
            `Mail clients may hide ${hidden.join(', ')}: subscribe to them there, or show them in the list of folders.`,
          ]),
    ].flatMap((text) => sentence(text, screen)),
  ];
}

/** Of a mark, with the spaces around it. */
const MARK_WIDTH = 4;

const MARKS = {
  there: ['✓', 'good'],
  made: ['+', 'good'],
  missing: ['-', 'odd'],
  ambiguous: ['✗', 'bad'],
} as const;

function remarkOn({ state, feature, made }: InventoryItem & { readonly made: boolean }): string {
  if (made) return ' (made)';
  return feature !== null && state === 'missing' ? ' (optional, missing)' : REMARKS[state];
}

const REMARKS = {
  there: '',
  missing: ' (missing)',
  ambiguous: ' (several nested ones, none at the top level: rename all but one)',
} as const;

/** `made`: how many mailboxes, and how many groups. */
function conclusion(
  mailboxes: readonly InventoryItem[],
  groups: readonly InventoryItem[],
  made: readonly number[],
  applied: boolean,
): string {
  const missing = [mailboxes, groups].map((items) => items.filter(({ state }) => state === 'missing').length);
  const counted = ([boxes = 0, others = 0]: readonly number[]): string =>
    `${boxes} ${boxes === 1 ? 'mailbox' : 'mailboxes'} and ${others} contact ${others === 1 ? 'group' : 'groups'}`;
  if (made.some((count) => count > 0)) return `Made ${counted(made)}.`;
  if (missing.every((count) => count === 0)) return 'Everything that can be made is there: nothing to do.';
  if (applied) return `Still missing: ${counted(missing)}.`;
  return `Nothing was written. To make ${counted(missing)}: ${PROGRAM} setup --apply`;
}

function stillIncomplete({ mailboxes, groups }: Inventory, wanted: ReadonlySet<Feature>): MailroomError {
  const names = lackingItems([...mailboxes, ...groups], wanted);
  return new MailroomError({
    code: 'missing',
    message: `The account still has no ${names.map(({ name }) => JSON.stringify(name)).join(', ')}`,
    hint: 'Of several nested mailboxes with one name rename all but one, or move one to the top level; an Inbox comes from the server',
  });
}

/** Rules on a mailbox that could be one of several would file into either. */
function refuseAmbiguous(settings: Settings, mailboxes: readonly Mailbox[]): void {
  for (const name of missingFrom(settings, mailboxes, []).ambiguous) requireMailbox(name, mailboxes);
}

/** What is not there yet is made at the top level. */
function ruleFacts({ categories, screenerMailbox }: Settings, mailboxes: readonly Mailbox[]): RuleFacts {
  return {
    routes: routesFor(categories),
    screener: screenerMailbox,
    pathOf: (name) => {
      const found = mailboxNamed(name, mailboxes);
      return typeof found === 'object' ? mailboxPath(found, mailboxes) : name;
    },
  };
}

/** Sieve knows groups by their UIDs, and files what it cannot file into the Inbox: everything has to be there. */
function scriptFor({ settings }: SetupContext, { mail, book }: Ports): string {
  const { managedGroups } = locate(settings, mail, book);
  return sieveScript({
    ...ruleFacts(settings, mail.mailboxes),
    uidsOf: (name) => managedGroups.filter((group) => group.name === name).map(({ uid }) => uid),
  });
}
