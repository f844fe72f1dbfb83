import type { Category } from './category';

/**
 * What a triage label asks for: a category to file the sender under, `take back`, so that the sender is unknown again, or
 * `spam`.
 */
export type Decision = Category | 'take back' | 'spam';

export function isCategory(decision: Decision): decision is Category {
  return typeof decision === 'object';
}

/** What a decision is called in histories, logs and plans. */
export function decisionName(decision: Decision): string {
  return isCategory(decision) ? decision.name : NAMES[decision];
}

const NAMES = { 'take back': 'Screener', spam: 'Spam' } as const;
