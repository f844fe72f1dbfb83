import { chainOf, isInbox, mailboxKey } from './categories';
import type { Category } from './category';
import { groupOf, type SubjectKind } from './subject';

/** A category with a group that no ancestor has, below the nearest such ancestor: what rules can tell from others. */
export interface Tellable {
  readonly category: Category;
  readonly parent: Tellable | undefined;
  readonly group: string;
  /** Mailboxes of the chain but for the Inbox, each once. */
  readonly destinations: readonly string[];
  readonly inbox: boolean;
}

/** `categories` must be sound. In their order. */
export function tellableTree(categories: readonly Category[], kind: SubjectKind): readonly Tellable[] {
  const nodeOf = (category: Category): Tellable => {
    const [, ...ancestors] = chainOf(category, categories);
    const parent = ancestors.find((ancestor) => isTellable(ancestor, kind, categories));
    return {
      category,
      parent: parent && nodeOf(parent),
      group: groupOf(category, kind),
      destinations: destinationsOf(category, categories),
      inbox: reachesInbox(category, categories),
    };
  };
  return categories.filter((category) => isTellable(category, kind, categories)).map(nodeOf);
}

/** The nodes right below one, or the topmost. */
export function childrenOf(node: Tellable | undefined, tree: readonly Tellable[]): readonly Tellable[] {
  return tree.filter(({ parent }) => parent?.category.name === node?.category.name);
}

/** A category whose senders, say, no rule can tell from those of `like`, though their mail belongs elsewhere. */
export interface Untellable {
  readonly category: string;
  readonly like: string;
}

/** Categories that share a group with an ancestor but file elsewhere: rules send new mail of their subjects astray. */
export function untellableCategories(categories: readonly Category[], kind: SubjectKind): readonly Untellable[] {
  return categories
    .filter((category) => !isTellable(category, kind, categories))
    .flatMap((category) => {
      const like = chainOf(category, categories).find((ancestor) => isTellable(ancestor, kind, categories));
      if (like === undefined || sameFiling(category, like, categories)) return [];
      return [{ category: category.name, like: like.name }];
    });
}

/**
 * Which of several verdicts holds where a message is addressed to several lists: the one that comes first in the
 * settings, and of a chain the lowest. Rules see only the groups of all of them together, and could tell no other order.
 * Undefined for no verdict at all.
 */
export function prevailing(
  verdicts: readonly Category[],
  kind: SubjectKind,
  categories: readonly Category[],
): Category | undefined {
  const chains = verdicts.map((verdict) => chainOf(verdict, categories).map((category) => groupOf(category, kind)));
  const groups = new Set(chains.flat());
  const tree = tellableTree(categories, kind);
  let lowest: Tellable | undefined;
  let next = childrenOf(undefined, tree).find(({ group }) => groups.has(group));
  while (next !== undefined) {
    lowest = next;
    next = childrenOf(lowest, tree).find(({ group }) => groups.has(group));
  }
  return verdicts.find((_, index) => chains[index]?.[0] === lowest?.group);
}

function isTellable(category: Category, kind: SubjectKind, categories: readonly Category[]): boolean {
  const [, ...ancestors] = chainOf(category, categories);
  return !ancestors.some((ancestor) => groupOf(ancestor, kind) === groupOf(category, kind));
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
