import type { Settings } from '../../config';
import { activeFeatures, doubtAbout } from '../../cycle/locate';
import { combineErrors, EXIT, type ExitStatus, MailroomError } from '../../errors';
import type { AddressBook, Mail } from '../../ports';
import { PROGRAM } from '../../program';
import { indentedSentence, sentence } from '../../screen/lines';
import type { Feature } from '../../triage/features';
import type { CommandContext } from '../context';
import { fastmailRules, fastmailSteps } from './fastmail-rules';
import { type Inventory, lackingItems, namesToMake, takeInventory } from './inventory';
import { inventoryLines, withMade } from './inventory-lines';
import { refuseAmbiguous, ruleFacts, scriptFor } from './rules';

type SetupContext = Pick<CommandContext, 'settings' | 'now' | 'open' | 'openMail' | 'print' | 'screen' | 'progress'>;

interface Ports {
  readonly mail: Mail;
  readonly book: AddressBook;
}

/** Mailboxes that are made between two looks at the progress. */
const BATCH = 5;

/**
 * Shows what the settings name and what of it the account lacks, and the rules that route mail. With `--apply` it first
 * makes what is missing, and of what is optional that which is `asked` for. Throws {@link MailroomError} with everything
 * that could not be made.
 */
export async function setup(
  context: SetupContext,
  options: ReadonlySet<string>,
  asked: ReadonlySet<Feature> = new Set(),
): Promise<ExitStatus> {
  const { settings, now, open, openMail, print, screen } = context;
  if (options.has('rules')) {
    const { mailboxes } = await openMail();
    refuseAmbiguous(settings, mailboxes);
    print(JSON.stringify(fastmailRules(ruleFacts(settings, mailboxes), now), null, 2));
    return EXIT.ok;
  }
  refuseNameless(settings, asked);
  const ports = await open();
  if (options.has('sieve')) {
    print(scriptFor(settings, ports.mail, ports.book));
    return EXIT.ok;
  }

  const before = takeInventory(settings, ports.mail.mailboxes, ports.book.groups);
  // What is switched on by a label has to be whole.
  const wanted = new Set([...asked, ...activeFeatures(settings, ports.mail.mailboxes)]);
  const apply = options.has('apply');
  const failures = apply ? await makeMissing(before, wanted, ports, context) : [];
  const found = apply && isIncomplete(before, wanted) ? await open() : ports;
  const after = takeInventory(settings, found.mail.mailboxes, found.book.groups);
  const facts = ruleFacts(settings, found.mail.mailboxes);
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

/**
 * Makes everything it can, but no group while one may be there that cannot be read. The failures that came on the way;
 * after one that concerns everything it stops.
 */
async function makeMissing(
  inventory: Inventory,
  wanted: ReadonlySet<Feature>,
  { mail, book }: Ports,
  { progress }: SetupContext,
): Promise<readonly unknown[]> {
  const mailboxes = namesToMake(inventory.mailboxes, wanted);
  const lacking = namesToMake(inventory.groups, wanted);
  const doubt = lacking.length === 0 ? undefined : doubtAbout(book);
  const groups = doubt === undefined ? lacking : [];
  const batches = Array.from({ length: Math.ceil(mailboxes.length / BATCH) }, (_, index) =>
    mailboxes.slice(index * BATCH, (index + 1) * BATCH),
  );
  const jobs = [
    ...batches.map((names) => ({ size: names.length, run: () => mail.createMailboxes(names) })),
    ...groups.map((name) => ({ size: 1, run: () => book.createGroup(name) })),
  ];
  const failures: unknown[] =
    doubt === undefined
      ? []
      : [new MailroomError({ code: 'missing', message: 'No contact group was made', hint: doubt })];
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

/** A feature whose label has no name of its own could be asked for for ever. Throws `settings`. */
function refuseNameless({ featureLabels }: Settings, asked: ReadonlySet<Feature>): void {
  const nameless = [...asked].filter((feature) => featureLabels[feature] === null);
  if (nameless.length === 0) return;
  throw new MailroomError({
    code: 'settings',
    message: `The settings use the names that ${nameless.join(' and ')} would have by default for something else`,
    hint: 'Name the label (MAILROOM_LABEL_…) and the groups of MAILROOM_CATEGORIES; the README has the table of all settings',
  });
}

function isIncomplete({ mailboxes, groups }: Inventory, wanted: ReadonlySet<Feature>): boolean {
  return lackingItems([...mailboxes, ...groups], wanted).length > 0;
}

function stillIncomplete({ mailboxes, groups }: Inventory, wanted: ReadonlySet<Feature>): MailroomError {
  const names = lackingItems([...mailboxes, ...groups], wanted);
  return new MailroomError({
    code: 'missing',
    message: `The account still has no ${names.map(({ name }) => JSON.stringify(name)).join(', ')}`,
    hint: 'Of several nested mailboxes with one name rename all but one, or move one to the top level; an Inbox comes from the server',
  });
}
