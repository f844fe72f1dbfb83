import { screenOf } from '../../screen/screen';
import { clusterFor } from '../../wiring/cluster';
import { logFor } from '../../wiring/log';
import { onAccount } from '../../wiring/on-account';
import { printOn, type Start } from '../../wiring/runtime';
import { tryToReadSettings } from '../../wiring/settings';
import { check } from './check';

/** Settings that do not work are a finding like any other. */
export const start: Start = async (runtime, { options }) => {
  const { settings, error, warnings } = await tryToReadSettings(runtime);
  const json = options.has('json');
  if (settings !== undefined)
    return onAccount(
      runtime,
      (context) =>
        check({
          account: context,
          cluster: context.cluster,
          warnings,
          json,
          print: context.print,
          screen: context.screen,
        }),
      { tellsWarnings: false },
    );
  const cluster = clusterFor(runtime, undefined, await logFor(runtime, undefined, runtime.stderr));
  return check({ fault: error, cluster, warnings, json, print: printOn(runtime), screen: screenOf(runtime) });
};
