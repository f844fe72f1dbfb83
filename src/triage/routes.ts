import { mailboxKey } from './categories';
import type { Category } from './category';
import { groupOf, type SubjectKind } from './subject';
import { childrenOf, type Tellable, tellableTree } from './tellable';

/** What a rule of the mail server asks of a message: all of it has to hold. Rules know contacts by their groups. */
export interface Condition {
  /** The sender is in this group: a contact has its address, or stands for its domain. */
  readonly from?: string;
  /** The message came by a mailing list in this group: a contact has a recipient's address. */
  readonly to?: string;
  /** True: the sender is no contact. */
  readonly fromStranger?: true;
  /** The sender is in none of these groups … */
  readonly notFrom: readonly string[];
  /** … and the message came by no list in these. */
  readonly notTo: readonly string[];
}

/** A rule of the mail server: which new mail goes into which mailbox. */
export interface Route {
  /** Name of the category. */
  readonly category: string;
  readonly kind: SubjectKind;
  readonly condition: Condition;
  readonly mailbox: string;
  /** True where the message stays in the Inbox as well. */
  readonly keepInInbox: boolean;
}

/** All rules. Of the conditions `screened` any sends a message to the Screener. */
export interface Rules {
  readonly routes: readonly Route[];
  readonly screened: readonly Condition[];
}

/** What rules see of a message. */
export interface Seen {
  /** Names of the groups that the sender is in; undefined where it is no contact. */
  readonly from: readonly string[] | undefined;
  /** Names of the groups that lists are in by which the message came. */
  readonly to: readonly string[];
}

export function holds({ from, to, fromStranger, notFrom, notTo }: Condition, seen: Seen): boolean {
  const isFrom = (group: string): boolean => seen.from?.includes(group) === true;
  const isTo = (group: string): boolean => seen.to.includes(group);
  return (
    (from === undefined || isFrom(from)) &&
    (to === undefined || isTo(to)) &&
    (fromStranger === undefined || seen.from === undefined) &&
    !notFrom.some(isFrom) &&
    !notTo.some(isTo)
  );
}

/** Where the rules put such a message, by the names of mailboxes. Nothing else takes it out of the Inbox. */
export function routedInto(seen: Seen, { routes, screened }: Rules, screener: string): readonly string[] {
  if (screened.some((condition) => holds(condition, seen))) return [screener];
  const fitting = routes.filter(({ condition }) => holds(condition, seen));
  const inInbox = fitting.every(({ keepInInbox }) => keepInInbox);
  return [...new Set([...(inInbox ? ['Inbox'] : []), ...fitting.map(({ mailbox }) => mailbox)])];
}

/** `categories` must be sound. `kinds`: what verdicts may be on. */
export function rulesFor(categories: readonly Category[], kinds: readonly SubjectKind[]): Rules {
  return { routes: routesFor(categories, kinds), screened: screenedFor(categories, kinds) };
}

/**
 * The rules that route mail to where triage files it: into the mailboxes of the category's chain, and into the Inbox as
 * well where the category says so. A sender's own verdict comes before that of its domain, and that before the one of
 * a list by which the message came. Rules know groups, not verdicts, so a category that shares its group with an ancestor
 * is routed as its parent is. All routes whose condition holds apply; those of one message agree on the Inbox, however a
 * server combines them. Mail that goes to the Inbox alone needs none.
 */
function routesFor(categories: readonly Category[], kinds: readonly SubjectKind[]): readonly Route[] {
  const notFrom = (...stronger: readonly SubjectKind[]) => groupsOf(categories, kinds, ...stronger);
  return kinds.flatMap((kind) => {
    const tree = tellableTree(categories, kind);
    if (kind === 'sender') return addingUp(tree, kind, []);
    if (kind === 'domain') return addingUp(tree, kind, notFrom('sender'));
    return oneAlone(tree, notFrom('sender', 'domain'));
  });
}

/**
 * A message is screened whose sender is no contact, or one only because it is where a list is posted to, where nothing
 * else of it has a verdict. Contacts without a verdict are not screened.
 */
function screenedFor(categories: readonly Category[], kinds: readonly SubjectKind[]): readonly Condition[] {
  const lists = groupsOf(categories, kinds, 'list');
  const posting = lists.map((from) => ({
    from,
    notFrom: groupsOf(categories, kinds, 'sender', 'domain'),
    notTo: lists,
  }));
  return [...posting, { fromStranger: true, notFrom: groupsOf(categories, kinds, 'domain'), notTo: lists }];
}

/** Names of the groups of these kinds, each once, as far as verdicts may be on them. */
function groupsOf(
  categories: readonly Category[],
  kinds: readonly SubjectKind[],
  ...wanted: readonly SubjectKind[]
): readonly string[] {
  const some = kinds.filter((kind) => wanted.includes(kind));
  return [...new Set(some.flatMap((kind) => categories.map((category) => groupOf(category, kind))))];
}

/** A sender is in the groups of one chain, and so is a domain: the rules of all of these hold, and add up. */
function addingUp(tree: readonly Tellable[], kind: 'sender' | 'domain', stronger: readonly string[]): readonly Route[] {
  return tree.flatMap((node) => {
    const { category, group, parent, destinations, inbox } = node;
    const covered = parent?.inbox === inbox ? parent.destinations.map(mailboxKey) : [];
    const condition = { from: group, notFrom: [...turnsBelow(node, tree), ...stronger], notTo: [] };
    return destinations
      .filter((mailbox) => !covered.includes(mailboxKey(mailbox)))
      .map((mailbox) => ({ category: category.name, kind, condition, mailbox, keepInInbox: inbox }));
  });
}

/** Groups of the nearest categories below that differ about the Inbox. */
function turnsBelow(node: Tellable, tree: readonly Tellable[]): readonly string[] {
  return childrenOf(node, tree).flatMap((child) =>
    child.inbox === node.inbox ? turnsBelow(child, tree) : [child.group],
  );
}

/** A message may come by several lists, in groups of several chains: one rule alone holds, by the order of `prevailing`. */
function oneAlone(tree: readonly Tellable[], stronger: readonly string[]): readonly Route[] {
  return tree.flatMap((node) => {
    const { category, group, destinations, inbox } = node;
    const notTo = [...earlier(node, tree), ...childrenOf(node, tree)].map((other) => other.group);
    const condition = { to: group, notFrom: stronger, notTo };
    return destinations.map((mailbox) => ({
      category: category.name,
      kind: 'list',
      condition,
      mailbox,
      keepInInbox: inbox,
    }));
  });
}

/** Nodes beside this one or beside one above it that come first in the settings. */
function earlier(node: Tellable, tree: readonly Tellable[]): readonly Tellable[] {
  const beside = childrenOf(node.parent, tree);
  const before = beside.slice(
    0,
    beside.findIndex(({ category }) => category.name === node.category.name),
  );
  return node.parent === undefined ? before : [...earlier(node.parent, tree), ...before];
}
