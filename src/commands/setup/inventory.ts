import type { Settings } from '../../config';
import { mailboxNamed, neededGroups, neededMailboxes } from '../../cycle/locate';
import type { Mailbox } from '../../ports';
import { isInbox, mailboxKey } from '../../triage/categories';
import type { GroupSummary } from '../../triage/contact';
import { FEATURE_OF, FEATURES, type Feature } from '../../triage/features';
import { groupOf, SUBJECT_KINDS, type SubjectKind } from '../../triage/subject';

/** Something that the settings name. `ambiguous`: several nested mailboxes have the name, and none at the top level. */
export interface InventoryItem {
  readonly name: string;
  /** What it is for. */
  readonly use: string;
  readonly state: 'there' | 'missing' | 'ambiguous';
  /** What it switches on, or belongs to; null where nothing works without it. */
  readonly feature: Feature | null;
}

export interface MailboxItem extends InventoryItem {
  /** False where mail clients may hide it; null where it is not there. */
  readonly subscribed: boolean | null;
}

export interface Inventory {
  readonly mailboxes: readonly MailboxItem[];
  readonly groups: readonly InventoryItem[];
}

type Names = Pick<
  Settings,
  'categories' | 'screenerMailbox' | 'errorLabel' | 'warningLabel' | 'warningsEnabled' | 'featureLabels'
>;

const FEATURE_USES: Readonly<Record<Feature, string>> = {
  domains: "beside a triage label: the verdict is on the sender's whole domain",
  lists: "beside a triage label: the verdict is on the message's mailing list",
  undo: 'takes the verdict on a sender back',
  spam: 'moves mail of a sender to the junk mailbox, as spam',
};

/** Every mailbox and contact group that the settings name, each once, with what the account has of them. */
export function takeInventory(
  settings: Names,
  mailboxes: readonly Mailbox[],
  groups: readonly GroupSummary[],
): Inventory {
  const uses = mailboxUses(settings);
  const itemFor = (name: string, use: string, feature: Feature | null): MailboxItem => {
    const found = mailboxNamed(name, mailboxes);
    return {
      name,
      use,
      state: found === undefined ? 'missing' : found === 'ambiguous' ? 'ambiguous' : 'there',
      feature,
      subscribed: typeof found === 'object' ? found.isSubscribed : null,
    };
  };
  return {
    mailboxes: [
      ...neededMailboxes(settings).map((name) => itemFor(name, uses.get(name)?.join(', ') ?? '', null)),
      ...FEATURES.flatMap((feature) => {
        const label = settings.featureLabels[feature];
        return label === null ? [] : [itemFor(label, FEATURE_USES[feature], feature)];
      }),
    ],
    groups: SUBJECT_KINDS.filter((kind) => isOffered(kind, settings)).flatMap((kind) =>
      neededGroups(settings, [kind]).map((name) => ({
        name,
        use: `${kind}s in ${settings.categories
          .filter((category) => groupOf(category, kind) === name)
          .map((category) => category.name)
          .join(' and ')}`,
        state: groups.some((group) => group.name === name) ? 'there' : 'missing',
        feature: FEATURE_OF[kind],
      })),
    ),
  };
}

function isOffered(kind: SubjectKind, { featureLabels }: Names): boolean {
  const feature = FEATURE_OF[kind];
  return feature === null || featureLabels[feature] !== null;
}

/** The items without which something does not work that is wanted. */
export function lackingItems<Item extends InventoryItem>(
  items: readonly Item[],
  wanted: ReadonlySet<Feature>,
): readonly Item[] {
  return items.filter(({ state, feature }) => state !== 'there' && (feature === null || wanted.has(feature)));
}

/** Names of those that are missing and can be made: an Inbox cannot. */
export function namesToMake(items: readonly InventoryItem[], wanted: ReadonlySet<Feature>): readonly string[] {
  return lackingItems(items, wanted)
    .filter(({ name, state }) => state === 'missing' && !isInbox(name))
    .map(({ name }) => name);
}

function mailboxUses(settings: Names): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  const add = (mailbox: string, use: string): void => {
    const key = mailboxKey(mailbox);
    uses.set(key, [...(uses.get(key) ?? []), use]);
  };
  add(settings.screenerMailbox, 'mail of unknown senders');
  for (const { name, label } of settings.categories) add(label, `triage label for ${name}`);
  for (const { name, mailbox } of settings.categories) add(mailbox, `mail of ${name}`);
  add(settings.errorLabel, 'put on messages that Mailroom cannot triage');
  add(settings.warningLabel, "put on messages whose sender's name is not the contact's");
  return uses;
}
