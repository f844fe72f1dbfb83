import type { Category } from '../../src/triage/category';
import { aCategory } from '../support/builders';
import { DEFAULT_RULES, ordersOf, type Rules } from '../support/invariants/rules';

/** A chain, a shared group, and a category that adds to the Inbox, which is another one's destination. */
export const CATEGORIES: readonly Category[] = [
  aCategory('Imbox', { mailbox: 'Inbox' }),
  aCategory('Feed', { addToInbox: true }),
  aCategory('News', { parent: 'Feed' }),
  aCategory('Jail'),
  aCategory('Person', { parent: 'Imbox', group: 'Imbox', mailbox: 'Inbox', contactType: 'person' }),
];

export const RULES: Rules = {
  ...DEFAULT_RULES,
  categories: CATEGORIES,
  release: { undo: '@ToScreener', spam: '@ToSpam', junk: 'Spam' },
  publicDomains: ['gmail.com'],
  modifiers: { domain: '@WholeDomain', list: '@WholeList' },
};

/** All triage labels. */
export const LABELS = ordersOf(RULES).map(({ label }) => label);

/** What makes a verdict one on a whole domain, or a list. */
export const MODIFIERS: readonly string[] = Object.values(RULES.modifiers ?? {});
