import type { Settings } from '../config';
import { MailroomError } from '../errors';
import type { AddressBook, Mail, Mailbox } from '../ports';
import { PROGRAM } from '../program';
import { isInbox, mailboxKey } from '../triage/categories';
import type { GroupSummary } from '../triage/contact';
import type { Decision } from '../triage/decision';
import { FEATURE_OF, FEATURES, type Feature, type FeatureLabels } from '../triage/features';
import { compareTexts } from '../triage/order';
import type { Places } from '../triage/places';
import { groupOf, SUBJECT_KINDS, type SubjectKind } from '../triage/subject';

/** Where everything is that the settings name. */
export interface Located {
  readonly places: Places;
  /** All groups with the name of a managed group, in the order of their UIDs. */
  readonly managedGroups: readonly GroupSummary[];
}

/** What the settings name and the account lacks. */
export interface Missing {
  readonly mailboxes: readonly string[];
  readonly groups: readonly string[];
  /** Names that several nested mailboxes have, and none at the top level. */
  readonly ambiguous: readonly string[];
}

type NamesSettings = Pick<
  Settings,
  'categories' | 'screenerMailbox' | 'errorLabel' | 'warningLabel' | 'warningsEnabled' | 'featureLabels'
>;

/** Names of all mailboxes that must exist, each once. */
export function neededMailboxes(settings: NamesSettings): readonly string[] {
  const { categories, screenerMailbox, errorLabel, warningLabel, warningsEnabled } = settings;
  const inbox = categories.some(({ addToInbox }) => addToInbox) ? ['Inbox'] : [];
  const names = [
    screenerMailbox,
    ...categories.flatMap(({ label, mailbox }) => [label, mailbox]),
    ...inbox,
    errorLabel,
    ...(warningsEnabled ? [warningLabel] : []),
  ];
  return [...new Set(names.map(mailboxKey))];
}

/** Features whose label is there. */
export function activeFeatures(
  { featureLabels }: Pick<Settings, 'featureLabels'>,
  mailboxes: readonly Mailbox[],
): ReadonlySet<Feature> {
  return new Set(
    FEATURES.filter((feature) => {
      const label = featureLabels[feature];
      return label !== null && typeof mailboxNamed(label, mailboxes) === 'object';
    }),
  );
}

/** What verdicts may be on: senders, and what the account has the label for. */
export function judgedKinds(
  settings: Pick<Settings, 'featureLabels'>,
  mailboxes: readonly Mailbox[],
): readonly SubjectKind[] {
  const active = activeFeatures(settings, mailboxes);
  return SUBJECT_KINDS.filter((kind) => {
    const feature = FEATURE_OF[kind];
    return feature === null || active.has(feature);
  });
}

/** Names of all contact groups that must exist for verdicts on subjects of these kinds, each once. */
export function neededGroups(
  { categories }: Pick<Settings, 'categories'>,
  kinds: readonly SubjectKind[],
): readonly string[] {
  return [...new Set(kinds.flatMap((kind) => categories.map((category) => groupOf(category, kind))))];
}

/**
 * The mailbox of a name: "Inbox" by its role (RFC 8621, section 2), any other at the top level before nested ones.
 * Of several nested ones none is meant: `ambiguous`.
 */
export function mailboxNamed(name: string, mailboxes: readonly Mailbox[]): Mailbox | 'ambiguous' | undefined {
  if (isInbox(name)) return mailboxes.find(({ role }) => role === 'inbox');
  const key = mailboxKey(name);
  const named = mailboxes.filter((mailbox) => mailboxKey(mailbox.name) === key);
  const top = named.find(({ parentId }) => parentId === null);
  if (top !== undefined) return top;
  return named.length > 1 ? 'ambiguous' : named[0];
}

/** The mailbox of a name. Throws `missing` where none is meant. */
export function requireMailbox(name: string, mailboxes: readonly Mailbox[]): Mailbox {
  const found = mailboxNamed(name, mailboxes);
  if (typeof found === 'object') return found;
  throw new MailroomError({
    code: 'missing',
    message: `There is ${found === undefined ? 'no mailbox' : 'more than one mailbox'} ${JSON.stringify(name)}`,
    hint: `\`${PROGRAM} setup\` shows what the account lacks`,
  });
}

/** The names of a mailbox's parents and its own, as IMAP and Fastmail's rules have them. */
export function mailboxPath({ name, parentId }: Mailbox, mailboxes: readonly Mailbox[]): string {
  const parent = mailboxes.find(({ id }) => id === parentId);
  return parent === undefined ? name : `${mailboxPath(parent, mailboxes)}/${name}`;
}

/** What the account lacks. Everything at once, mailboxes and groups. */
export function missingFrom(
  settings: NamesSettings,
  mailboxes: readonly Mailbox[],
  groups: readonly GroupSummary[],
): Missing {
  const needed = neededMailboxes(settings).map((name) => ({ name, found: mailboxNamed(name, mailboxes) }));
  return {
    mailboxes: needed.filter(({ found }) => found === undefined).map(({ name }) => name),
    ambiguous: needed.filter(({ found }) => found === 'ambiguous').map(({ name }) => name),
    groups: neededGroups(settings, judgedKinds(settings, mailboxes)).filter(
      (name) => !groups.some((group) => group.name === name),
    ),
  };
}

/**
 * Why a contact group that seems to be missing must not be made: it may be there and be unreadable, and would be there
 * twice. Undefined where every group could be read. To be asked of a book that was opened just now.
 */
export function doubtAbout(book: Pick<AddressBook, 'unreadable'>): string | undefined {
  const cards = book.unreadable().map(({ href, reason }) => `${href} ${reason}`);
  if (cards.length === 0) return undefined;
  return `A card that cannot be read may be a group that seems to be missing: ${cards.join(', ')}. Repair or delete it first`;
}

/** Finds everything that the settings name. Throws `missing` with all that is not there. */
export function locate(settings: NamesSettings, mail: Mail, book: AddressBook): Located {
  const missing = missingFrom(settings, mail.mailboxes, book.groups);
  const complaint = complaintAbout(missing);
  if (complaint !== null) {
    throw new MailroomError({
      code: 'missing',
      message: complaint,
      hint:
        (missing.groups.length > 0 ? doubtAbout(book) : undefined) ??
        (missing.mailboxes.length + missing.groups.length > 0
          ? `\`${PROGRAM} setup --apply\` creates what is missing`
          : 'Rename all but one of them, or move one to the top level'),
    });
  }
  const names = new Set(neededGroups(settings, judgedKinds(settings, mail.mailboxes)));
  return {
    places: placesIn(settings, mail.mailboxes),
    managedGroups: book.groups
      .filter(({ name }) => names.has(name))
      .sort((one, other) => compareTexts(one.uid, other.uid)),
  };
}

/** The mailboxes that the settings name. Those that are not there have an empty id, which no message has. */
export function placesIn(settings: NamesSettings, mailboxes: readonly Mailbox[]): Places {
  const { categories, featureLabels } = settings;
  const idOf = (name: string | null): string | null => {
    const found = name === null ? undefined : mailboxNamed(name, mailboxes);
    return typeof found === 'object' ? found.id : null;
  };
  const known = (name: string): string => idOf(name) ?? '';
  return {
    screener: known(settings.screenerMailbox),
    inbox: idOf('Inbox'),
    errorLabel: known(settings.errorLabel),
    warningLabel: idOf(settings.warningLabel),
    junk: mailboxes.find(({ role }) => role === 'junk')?.id ?? null,
    wholeDomain: idOf(featureLabels.domains),
    wholeList: idOf(featureLabels.lists),
    labels: new Map<string, Decision>([
      ...categories.map((category) => [known(category.label), category] as const),
      ...decisionLabels(featureLabels).flatMap(([name, decision]) => {
        const id = idOf(name);
        return id === null ? [] : [[id, decision] as const];
      }),
    ]),
    destinations: new Map(categories.map(({ name, mailbox }) => [name, known(mailbox)])),
  };
}

type LabelledDecision = readonly [name: string | null, decision: Decision];

function decisionLabels({ undo, spam }: FeatureLabels): readonly LabelledDecision[] {
  return [
    [undo, 'take back'],
    [spam, 'spam'],
  ];
}

function complaintAbout({ mailboxes, groups, ambiguous }: Missing): string | null {
  const parts = [
    ...list('the mailbox', 'the mailboxes', mailboxes),
    ...list('the contact group', 'the contact groups', groups),
  ];
  const sentences = [
    ...(parts.length === 0 ? [] : [`Missing: ${parts.join(' and ')}`]),
    ...(ambiguous.length === 0
      ? []
      : [`Several nested mailboxes are called ${quoted(ambiguous)}, none at the top level`]),
  ];
  return sentences.length === 0 ? null : sentences.join('. ');
}

function list(one: string, several: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${names.length === 1 ? one : several} ${quoted(names)}`];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}
