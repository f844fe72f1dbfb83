import { usageError } from '../../arguments/arguments';
import { FEATURES, type Feature } from '../../triage/features';
import { onAccount } from '../../wiring/on-account';
import type { Start } from '../../wiring/runtime';
import { setup } from './setup';

export const start: Start = (runtime, { options, values }) => {
  const wanted = featuresIn(values.get('with'));
  if (wanted.size > 0 && !options.has('apply')) throw usageError('setup', '--with goes with --apply');
  return onAccount(runtime, (context) => setup(context, options, wanted));
};

/** Throws `usage` for what is no list of features. */
function featuresIn(list: string | undefined): ReadonlySet<Feature> {
  if (list === undefined) return new Set();
  if (list === 'all') return new Set(FEATURES);
  const wanted = list.split(',').map((name) => FEATURES.find((feature) => feature === name));
  if (wanted.includes(undefined)) {
    throw usageError('setup', `--with takes ${FEATURES.join(', ')} with commas between them, or all`);
  }
  return new Set(wanted.flatMap((feature) => feature ?? []));
}
