import { clusterFor } from '../../wiring/cluster';
import { logFor } from '../../wiring/log';
import { onAccount } from '../../wiring/on-account';
import { printOn, type Start } from '../../wiring/runtime';
import { tryToReadSettings } from '../../wiring/settings';
import { check } from './check';

/** Settings that do not work are a finding like any other. */
export const start: Start = async (runtime, { options }) => {
  const { settings, error } = await tryToReadSettings(runtime);
  const json = options.has('json');
  if (settings !== undefined)
    return onAccount(runtime, (context) =>
      check({ account: context, cluster: context.cluster, json, print: context.print }),
    );
  const cluster = clusterFor(runtime, undefined, await logFor(runtime, undefined, runtime.stderr));
  return check({ fault: error, cluster, json, print: printOn(runtime) });
};
