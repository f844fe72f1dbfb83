import { clusterFor } from '../../wiring/cluster';
import { logFor } from '../../wiring/log';
import { printOn, type Start } from '../../wiring/runtime';
import { settingsFor } from '../../wiring/settings';
import { status } from './status';

export const start: Start = async (runtime, { options }) => {
  const settings = await settingsFor(runtime);
  const cluster = clusterFor(runtime, settings, await logFor(runtime, settings, runtime.stderr));
  const { pollInterval } = settings;
  return status({ cluster, now: new Date(), pollInterval, json: options.has('json'), print: printOn(runtime) });
};
