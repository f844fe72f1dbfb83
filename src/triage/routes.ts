import { chainOf, isInbox, mailboxKey } from './categories';
import type { Category } from './category';

/** A rule of the mail server: whose new mail goes into which mailbox. */
export interface Route {
  /** Name of the category. */
  readonly category: string;
  /** The sender is in this contact group … */
  readonly group: string;
  /** … and in none of these: their senders have routes of their own. */
  readonly exceptGroups: readonly string[];
  readonly mailbox: string;
  /** True where the message stays in the Inbox as well. */
  readonly keepInInbox: boolean;
}

/** A category whose senders no rule can tell from those of `like`, though their mail belongs elsewhere. */
export interface Untellable {
  readonly category: string;
  readonly like: string;
}

/**
 * The rules that route the mail of senders that have a verdict to where triage files it: into the mailboxes of the
 * category's chain, and into the Inbox as well where the category says so. Rules know groups, not verdicts, so a
 * category that shares its group with an ancestor is routed as its parent is. All routes whose condition holds apply;
 * those of one sender agree on the Inbox, however a server combines them. Mail that goes to the Inbox alone needs none.
 *
 * `categories` must be sound.
 */
export function routesFor(categories: readonly Category[]): readonly Route[] {
  const tree = tellableTree(categories);
  return tree.flatMap((node) => {
    const { category, parent, destinations, inbox } = node;
    const covered = parent?.inbox === inbox ? parent.destinations.map(mailboxKey) : [];
    return destinations
      .filter((mailbox) => !covered.includes(mailboxKey(mailbox)))
      .map((mailbox) => ({
        category: category.name,
        group: category.group,
        exceptGroups: turnsBelow(node, tree),
        mailbox,
        keepInInbox: inbox,
      }));
  });
}

/** Categories that share a group with an ancestor but file elsewhere: rules send their senders' new mail astray. */
export function untellableCategories(categories: readonly Category[]): readonly Untellable[] {
  return categories
    .filter((category) => !isTellable(category, categories))
    .flatMap((category) => {
      const like = chainOf(category, categories).find((ancestor) => isTellable(ancestor, categories));
      if (like === undefined || sameFiling(category, like, categories)) return [];
      return [{ category: category.name, like: like.name }];
    });
}

/** A category with a group that no ancestor has, below the nearest such ancestor. */
interface Node {
  readonly category: Category;
  readonly parent: Node | undefined;
  /** Mailboxes of the chain but for the Inbox, each once. */
  readonly destinations: readonly string[];
  readonly inbox: boolean;
}

function tellableTree(categories: readonly Category[]): readonly Node[] {
  const nodeOf = (category: Category): Node => {
    const [, ...ancestors] = chainOf(category, categories);
    const parent = ancestors.find((ancestor) => isTellable(ancestor, categories));
    return {
      category,
      parent: parent && nodeOf(parent),
      destinations: destinationsOf(category, categories),
      inbox: reachesInbox(category, categories),
    };
  };
  return categories.filter((category) => isTellable(category, categories)).map(nodeOf);
}

function isTellable(category: Category, categories: readonly Category[]): boolean {
  const [, ...ancestors] = chainOf(category, categories);
  return !ancestors.some(({ group }) => group === category.group);
}

/** Groups of the nearest categories below that differ about the Inbox. */
function turnsBelow({ category, inbox }: Node, tree: readonly Node[]): readonly string[] {
  return tree
    .filter(({ parent }) => parent?.category.name === category.name)
    .flatMap((child) => (child.inbox === inbox ? turnsBelow(child, tree) : [child.category.group]));
}

function destinationsOf(category: Category, categories: readonly Category[]): readonly string[] {
  const byKey = new Map(chainOf(category, categories).map(({ mailbox }) => [mailboxKey(mailbox), mailbox]));
  return [...byKey.values()].filter((mailbox) => !isInbox(mailbox));
}

function reachesInbox(category: Category, categories: readonly Category[]): boolean {
  return category.addToInbox || chainOf(category, categories).some(({ mailbox }) => isInbox(mailbox));
}

function sameFiling(one: Category, other: Category, categories: readonly Category[]): boolean {
  const keys = (category: Category) => destinationsOf(category, categories).map(mailboxKey).sort().join('\n');
  return keys(one) === keys(other) && reachesInbox(one, categories) === reachesInbox(other, categories);
}
