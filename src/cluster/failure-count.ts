import { isNativeError } from 'node:util/types';
import { MailroomError } from '../errors';
import { changeAnnotations, type Pause } from './annotation-change';
import type { Cluster, ClusterState, RightCheck } from './cluster';
import { failureEvent, recoveryEvent } from './events';
import type { Annotations, ClusterEvent, Kubernetes } from './kubernetes';
import { publicReason } from './reason';
import { afterFailure, afterSuccess, stateOf } from './state';

export interface FailureCountOptions {
  readonly kubernetes: Kubernetes;
  /** Name of the state ConfigMap. */
  readonly configMap: string;
  /** Name of the CronJob that Events are about. */
  readonly cronJob: string;
  /** The consecutive failure that is fatal. */
  readonly threshold: number;
  /** Values that must not become public. */
  readonly secrets: readonly string[];
  readonly warn: (message: string) => void;
  readonly pause?: Pause;
}

/** The count of consecutive failures, kept as annotations on the state ConfigMap. */
export function createFailureCount(options: FailureCountOptions): Cluster {
  const { kubernetes, configMap, cronJob, threshold, secrets, warn, pause } = options;

  function understood(annotations: Annotations): ClusterState {
    const { state, warnings } = stateOf(annotations);
    for (const warning of warnings) warn(warning);
    return state;
  }

  async function report(event: ClusterEvent | undefined): Promise<void> {
    if (event === undefined) return;
    try {
      const uid = await kubernetes.cronJobUid(cronJob);
      await kubernetes.createEvent(event, { name: cronJob, uid });
    } catch (error) {
      warn(`The Event ${event.reason} could not be written: ${isNativeError(error) ? error.message : String(error)}`);
    }
  }

  return {
    async readState() {
      return understood((await kubernetes.readConfigMap(configMap)).annotations);
    },

    async recordSuccess(now) {
      const before = understood(await changeAnnotations(kubernetes, configMap, () => afterSuccess(now), pause));
      await report(recoveryEvent(before, now));
      return { recoveredFrom: before.consecutiveFailures };
    },

    async recordFailure({ now, reason: text, startUp = false }) {
      const reason = publicReason(text, secrets);
      const before = understood(
        await changeAnnotations(
          kubernetes,
          configMap,
          (annotations) => afterFailure(stateOf(annotations).state, now, reason),
          pause,
        ),
      );
      await report(failureEvent({ before, threshold, now, reason, startUp }));
      const count = before.consecutiveFailures + 1;
      return { count, fatal: count >= threshold };
    },

    async check() {
      const trial: ClusterEvent = { type: 'Normal', reason: 'Check', note: 'A trial', time: new Date() };
      const dry = { dryRun: true };
      return Promise.all([
        tried(`read and change the ConfigMap ${configMap}`, async () => {
          const { resourceVersion } = await kubernetes.readConfigMap(configMap);
          await kubernetes.patchAnnotations(configMap, resourceVersion, {}, dry);
        }),
        tried(`read the CronJob ${cronJob}`, () => kubernetes.cronJobUid(cronJob)),
        tried('create Events', () => kubernetes.createEvent(trial, { name: cronJob, uid: 'trial' }, dry)),
      ]);
    },
  };
}

async function tried(what: string, attempt: () => Promise<unknown>): Promise<RightCheck> {
  try {
    await attempt();
    return { what };
  } catch (error) {
    const fault =
      error instanceof MailroomError
        ? error
        : new MailroomError({ code: 'protocol', message: `Mailroom cannot ${what}`, cause: error });
    return { what, fault };
  }
}
