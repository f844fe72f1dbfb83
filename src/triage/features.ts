import { mailboxKey } from './categories';

/** What a mailbox of its own switches on: the label is there, or the feature is off. */
export type Feature = 'domains' | 'lists' | 'undo' | 'spam';

export const FEATURES: readonly Feature[] = ['domains', 'lists', 'undo', 'spam'];

/** Feature → name of its label; null where the settings use the default name for something else. */
export type FeatureLabels = Readonly<Record<Feature, string | null>>;

const DEFAULT_LABELS: Readonly<Record<Feature, string>> = {
  domains: '@WholeDomain',
  lists: '@WholeList',
  undo: '@ToScreener',
  spam: '@ToSpam',
};

/** What switches on verdicts on subjects of a kind; null: they are never off. */
export const FEATURE_OF = { sender: null, domain: 'domains', list: 'lists' } as const;

/**
 * The labels of the features. `own`: those that the settings name. `taken`: names of mailboxes that mean something else:
 * a default label among them switches its feature off, since an update changes nobody's labels. `off`: features that
 * are off unless the settings name their label.
 */
export function featureLabels(
  own: Readonly<Record<Feature, string | undefined>>,
  taken: readonly string[],
  off: readonly Feature[] = [],
): FeatureLabels {
  // Default labels are ASCII, and the same in every Unicode form.
  const names = new Set([...taken, ...Object.values(own)]);
  const labelOf = (feature: Feature) =>
    own[feature] ?? (off.includes(feature) || names.has(DEFAULT_LABELS[feature]) ? null : DEFAULT_LABELS[feature]);
  return { domains: labelOf('domains'), lists: labelOf('lists'), undo: labelOf('undo'), spam: labelOf('spam') };
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
