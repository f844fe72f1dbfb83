import { isNativeError } from 'node:util/types';
import { MailroomError } from '../errors';
import { changeAnnotations, type Pause } from './annotation-change';
import { type Begun, begunIn, neverEnded, noted, withoutPod } from './begun';
import type { Cluster, ClusterState, RightCheck } from './cluster';
import { failureEvent, neverEndedEvent, recoveryEvent } from './events';
import type { AnnotationChange, Annotations, ClusterEvent, Kubernetes } from './kubernetes';
import { publicReason } from './reason';
import { afterFailure, afterSuccess, stateOf } from './state';

export interface FailureCountOptions {
  readonly kubernetes: Kubernetes;
  /** Name of the state ConfigMap. */
  readonly configMap: string;
  /** Name of the CronJob that Events are about. */
  readonly cronJob: string;
  /** Name of the pod that this process runs in. */
  readonly pod: string;
  /** The consecutive failure that is fatal. */
  readonly threshold: number;
  /** Seconds after which a cycle that has not said that it ended does not run any more. */
  readonly longestCycle: number;
  /** Values that must not become public. */
  readonly secrets: readonly string[];
  readonly warn: (message: string) => void;
  readonly pause?: Pause;
  /** When an Event happens. */
  readonly clock?: () => Date;
}

/** The count of consecutive failures, kept as annotations on the state ConfigMap. */
export function createFailureCount(options: FailureCountOptions): Cluster {
  const { kubernetes, configMap, cronJob, pod, threshold, longestCycle, secrets, warn, pause } = options;
  const { clock = () => new Date() } = options;

  const change = (revise: (annotations: Annotations) => AnnotationChange): Promise<Annotations> =>
    changeAnnotations(kubernetes, configMap, revise, pause);

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

    async recordBegin(now) {
      const annotations = await change((found) => {
        const lost = neverEnded(found, now, longestCycle);
        const others = begunIn(found).filter(
          (begun) => begun.pod !== pod && !lost.some(({ pod: gone }) => gone === begun.pod),
        );
        return { ...afterNeverEnded(stateOf(found).state, lost), ...noted([...others, { pod, time: now }]) };
      });
      const lost = neverEnded(annotations, now, longestCycle);
      if (lost.length === 0) return;
      const counted = { before: understood(annotations), threshold, now: clock(), reason: reasonFor(lost) };
      await report(neverEndedEvent(counted, lost.length));
    },

    async recordStop() {
      await change((annotations) => withoutPod(annotations, pod));
    },

    async recordSuccess(now) {
      const before = understood(await change((found) => ({ ...afterSuccess(now), ...withoutPod(found, pod) })));
      await report(recoveryEvent(before, clock()));
      return { recoveredFrom: before.consecutiveFailures };
    },

    async recordFailure({ now, reason: text, startUp = false }) {
      const reason = publicReason(text, secrets);
      const before = understood(
        await change((found) => ({ ...afterFailure(stateOf(found).state, now, reason), ...withoutPod(found, pod) })),
      );
      await report(failureEvent({ before, threshold, now: clock(), reason, startUp }));
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

function afterNeverEnded(state: ClusterState, lost: readonly Begun[]): Annotations {
  const last = lost.at(-1);
  return last === undefined ? {} : afterFailure(state, last.time, reasonFor(lost), lost.length);
}

function reasonFor(lost: readonly Begun[]): string {
  const which = lost
    .map(({ pod, time }) => `the cycle that began at ${time.toISOString()} in the pod ${pod}`)
    .join(', ');
  return `Never ended: ${which}. It was killed, ran out of memory, or lost its node; docs/deploy.md says more`;
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
