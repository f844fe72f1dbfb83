import type { Category, ContactType } from './category';
import { breaksHistory } from './history';
import { defaultGroup, GROUP_FIELDS, groupOf, SUBJECT_KINDS, type SubjectKind } from './subject';

/** Names that mean something to Mailroom itself, so that no category may use them as its triage label. */
export interface ReservedNames {
  readonly screener: string;
  readonly errorLabel: string;
  readonly warningLabel: string;
}

const FIELDS = ['name', 'label', ...Object.values(GROUP_FIELDS), 'mailbox', 'contactType', 'parent', 'addToInbox'];
const CONTACT_TYPES: readonly string[] = ['company', 'person'] satisfies readonly ContactType[];

/**
 * Reads categories as somebody wrote them: a list whose items are names or objects.
 * All faults are returned together, each saying what to write instead, beside the categories as far as they make sense,
 * so that {@link faultsOf} can add what contradicts.
 */
export function readCategories(value: unknown): { categories: readonly Category[]; faults: readonly string[] } {
  if (!Array.isArray(value) || value.length === 0) {
    return {
      categories: [],
      faults: ['must be a list with at least one category, such as ["Feed", {"name": "Jail"}]'],
    };
  }
  const items = value.map(readCategory);
  return { categories: items.flatMap((item) => item.category), faults: items.flatMap((item) => item.faults) };
}

/** Everything that makes categories contradict each other or Mailroom's own names. Empty when they are sound. */
export function faultsOf(categories: readonly Category[], reserved: ReservedNames): readonly string[] {
  const byName = new Map(categories.map((category) => [category.name, category]));
  return [
    ...doubled(categories, 'name'),
    ...doubled(categories, 'label'),
    ...categories.flatMap((category) => parentFaults(category, byName)),
    ...sharedGroups(categories, byName),
    ...labelFaults(categories, reserved),
    ...reservedFaults(categories, reserved),
  ];
}

/** A group that would hold subjects of two kinds. */
export interface Overlap {
  readonly kind: Exclude<SubjectKind, 'sender'>;
  /** True where nobody has chosen the name. */
  readonly byDefault: boolean;
  readonly fault: string;
}

/** Groups of domains that are also groups of senders, and groups of lists that are also either. */
export function overlappingGroups(categories: readonly Category[]): readonly Overlap[] {
  const names = (kind: SubjectKind) => categories.map((category) => groupOf(category, kind));
  const overlapsOf = (kind: Overlap['kind'], taken: ReadonlySet<string>) =>
    categories
      .filter((category) => taken.has(groupOf(category, kind)))
      .map((category) => ({
        kind,
        byDefault: groupOf(category, kind) === defaultGroup(category.group, kind),
        fault:
          `the group ${quote(groupOf(category, kind))} of ${kind}s in category ${quote(category.name)} ` +
          `has another use; choose another "${GROUP_FIELDS[kind]}"`,
      }));
  return [
    ...overlapsOf('domain', new Set(names('sender'))),
    ...overlapsOf('list', new Set([...names('sender'), ...names('domain')])),
  ];
}

/** The category, its parent, its parent's parent …; `categories` must be sound ({@link faultsOf}). */
export function chainOf(category: Category, categories: readonly Category[]): readonly Category[] {
  const parent = categories.find(({ name }) => name === category.parent);
  return parent === undefined ? [category] : [category, ...chainOf(parent, categories)];
}

function readCategory(item: unknown, index: number): { category: readonly Category[]; faults: readonly string[] } {
  const where = `category ${index + 1}`;
  if (typeof item === 'string') return readCategory({ name: item }, index);
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return { category: [], faults: [`${where} must be a name or an object with the field "name"`] };
  }
  const fields = item as Readonly<Record<string, unknown>>;
  const faults = Object.keys(fields)
    .filter((field) => !FIELDS.includes(field))
    .map((field) => `${where} has the unknown field ${quote(field)}; the fields are ${FIELDS.join(', ')}`);
  const text = (field: string, fallback: string): string => {
    const value = fields[field] ?? fallback;
    if (typeof value !== 'string' || value.trim() === '' || /\p{Cc}/u.test(value)) {
      faults.push(`${where} needs a text of one line, not empty, as "${field}" (put numbers and yes/no in quotes)`);
      // What follows from this fault is none of its own.
      return fallback;
    }
    return value.trim().normalize('NFC');
  };
  const name = text('name', '');
  if (breaksHistory(name))
    faults.push(`${where} must not have →, < or "(name filled:" in its name, by which notes are read`);
  const contactType = fields['contactType'] ?? 'company';
  if (!CONTACT_TYPES.includes(contactType as string)) {
    faults.push(`${where}: "contactType" must be company or person`);
  }
  const addToInbox = fields['addToInbox'] ?? false;
  if (typeof addToInbox !== 'boolean') faults.push(`${where}: "addToInbox" must be true or false`);
  // A nameless category has one fault, not one for each default that is made of its name.
  const known = name === '' ? '?' : name;
  const group = text('group', known);
  const category: Category = {
    name,
    label: text('label', `@To${known.replace(/\s/gu, '')}`),
    group,
    domainGroup: text('domainGroup', defaultGroup(group, 'domain')),
    listGroup: text('listGroup', defaultGroup(group, 'list')),
    mailbox: text('mailbox', known),
    contactType: contactType as ContactType,
    parent: fields['parent'] == null ? undefined : text('parent', '') || undefined,
    addToInbox: addToInbox === true,
  };
  return { category: name === '' ? [] : [category], faults };
}

function doubled(categories: readonly Category[], field: 'name' | 'label'): readonly string[] {
  const values = categories.map((category) => category[field]);
  const twice = new Set(values.filter((value, index) => values.indexOf(value) !== index));
  return [...twice].map((value) => `two categories have the ${field} ${quote(value)}; give each its own`);
}

function ancestors(category: Category, byName: ReadonlyMap<string, Category>): readonly Category[] {
  const found: Category[] = [];
  let next = byName.get(category.parent ?? '');
  while (next !== undefined && !found.includes(next)) {
    found.push(next);
    next = byName.get(next.parent ?? '');
  }
  return found;
}

function parentFaults(category: Category, byName: ReadonlyMap<string, Category>): readonly string[] {
  if (category.parent === undefined) return [];
  if (!byName.has(category.parent)) {
    return [`category ${quote(category.name)} has the unknown parent ${quote(category.parent)}; name one of the list`];
  }
  return ancestors(category, byName).includes(category)
    ? [`category ${quote(category.name)} is its own ancestor; take one "parent" out of the circle`]
    : [];
}

/** Of two categories that share groups of several kinds the first is named: the others follow from it, by default. */
function sharedGroups(categories: readonly Category[], byName: ReadonlyMap<string, Category>): readonly string[] {
  return categories.flatMap((one, index) =>
    categories
      .slice(index + 1)
      .filter((other) => other.name !== one.name)
      .filter((other) => !ancestors(one, byName).includes(other) && !ancestors(other, byName).includes(one))
      .flatMap((other) => {
        const kind = SUBJECT_KINDS.find((each) => groupOf(one, each) === groupOf(other, each));
        if (kind === undefined) return [];
        return [
          `categories ${quote(one.name)} and ${quote(other.name)} share the group ${quote(groupOf(one, kind))}, ` +
            'but neither is an ancestor of the other; give each its own group or make one the parent',
        ];
      }),
  );
}

function labelFaults(categories: readonly Category[], reserved: ReservedNames): readonly string[] {
  const taken = new Map<string, string>([
    [mailboxKey('Inbox'), 'the Inbox'],
    ...categories.map(({ mailbox }) => [mailboxKey(mailbox), 'a destination mailbox'] as const),
    [mailboxKey(reserved.screener), 'the Screener'],
    [mailboxKey(reserved.errorLabel), 'the error label'],
    [mailboxKey(reserved.warningLabel), 'the warning label'],
  ]);
  return categories.flatMap(({ name, label }) => {
    const other = taken.get(mailboxKey(label));
    return other === undefined
      ? []
      : [`the label ${quote(label)} of category ${quote(name)} is also ${other}; choose another label`];
  });
}

function reservedFaults(categories: readonly Category[], reserved: ReservedNames): readonly string[] {
  const roles = [
    ['the Screener', reserved.screener],
    ['the error label', reserved.errorLabel],
    ['the warning label', reserved.warningLabel],
  ] as const;
  const ofDestinations = categories.flatMap(({ name, mailbox }) =>
    roles
      .filter(([, own]) => mailboxKey(own) === mailboxKey(mailbox))
      .map(
        ([role]) => `the mailbox ${quote(mailbox)} of category ${quote(name)} is also ${role}; choose another mailbox`,
      ),
  );
  const ofEachOther = roles.flatMap(([role, own], index) =>
    roles
      .slice(index + 1)
      .filter(([, other]) => mailboxKey(own) === mailboxKey(other))
      .map(([other]) => `${role} and ${other} are both ${quote(own)}; give each its own mailbox`),
  );
  return [...ofDestinations, ...ofEachOther];
}

/** "Inbox" is the mailbox with the role `inbox`, however it is written; other names are compared as they are. */
export function mailboxKey(name: string): string {
  return isInbox(name) ? 'Inbox' : name.normalize('NFC');
}

/** True for the name that stands for the mailbox with the role `inbox` (RFC 8621, section 2). */
export function isInbox(name: string): boolean {
  return name.toLowerCase() === 'inbox';
}

function quote(text: string): string {
  return JSON.stringify(text);
}
