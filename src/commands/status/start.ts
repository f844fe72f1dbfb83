import { screenOf } from '../../screen/screen';
import { clusterFor } from '../../wiring/cluster';
import { logFor } from '../../wiring/log';
import { printOn, type Start } from '../../wiring/runtime';
import { settingsFor, warnOf } from '../../wiring/settings';
import { status } from './status';

export const start: Start = async (runtime, { options }) => {
  const reading = await settingsFor(runtime);
  const { settings } = reading;
  const log = await logFor(runtime, settings, runtime.stderr);
  warnOf(reading, log);
  const cluster = clusterFor(runtime, settings, log);
  const { pollInterval } = settings;
  return status({
    cluster,
    now: new Date(),
    pollInterval,
    json: options.has('json'),
    print: printOn(runtime),
    screen: screenOf(runtime),
  });
};
