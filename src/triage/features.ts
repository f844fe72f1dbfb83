import { mailboxKey } from './categories';

/** What a mailbox of its own switches on: the label is there, or the feature is off. */
export type Feature = 'undo' | 'spam';

export const FEATURES: readonly Feature[] = ['undo', 'spam'];

/** Feature → name of its label; null where the settings use the default name for something else. */
export type FeatureLabels = Readonly<Record<Feature, string | null>>;

const DEFAULT_LABELS: Readonly<Record<Feature, string>> = { undo: '@ToScreener', spam: '@ToSpam' };

/**
 * The labels of the features. `own`: those that the settings name. `taken`: names of mailboxes that mean something else:
 * a default label among them switches its feature off, since an update changes nobody's labels.
 */
export function featureLabels(
  own: Readonly<Record<Feature, string | undefined>>,
  taken: readonly string[],
): FeatureLabels {
  const keys = new Set([...taken, ...Object.values(own).flatMap((name) => name ?? [])].map(mailboxKey));
  const labelOf = (feature: Feature) =>
    own[feature] ?? (keys.has(mailboxKey(DEFAULT_LABELS[feature])) ? null : DEFAULT_LABELS[feature]);
  return { undo: labelOf('undo'), spam: labelOf('spam') };
}

/** Labels that the settings name for a feature and for something else. */
export function featureFaults(
  own: Readonly<Record<Feature, string | undefined>>,
  taken: readonly string[],
): readonly string[] {
  const named = FEATURES.flatMap((feature) => own[feature] ?? []);
  const keys = [...taken, ...named].map(mailboxKey);
  return [...new Set(named)]
    .filter((name) => keys.filter((key) => key === mailboxKey(name)).length > 1)
    .map((name) => `the label ${JSON.stringify(name)} is used twice; choose another label`);
}
