import type { ControlPlane } from './control-plane';
import type { Job, Pod } from './kubernetes-objects';
import { startPlayedKubelet } from './played-kubelet';
import { PlayedPod, type PodRun, type PodStage, removePod } from './played-pod';
import { until } from './until';

export interface PodPlayerOptions extends Omit<PodStage, 'node' | 'onEnd'> {
  readonly controlPlane: ControlPlane;
  /** The namespace whose pods are played; others stay pending. */
  readonly namespace: string;
}

export interface PodPlayer {
  /** The ended pods, in the order of their ends. */
  readonly runs: readonly PodRun[];
  /** Waits for the end of a pod of the Job, which may have come already. */
  untilRun(job: string, withinMs?: number): Promise<PodRun>;
  /** Waits until a process of the Job runs. */
  untilStarted(job: string, withinMs?: number): Promise<void>;
  /** Waits until a Job of that name exists and satisfies the condition: {@link isComplete}, for one. */
  untilJob(name: string, condition: (job: Job) => boolean, withinMs?: number): Promise<Job>;
  /** Sends the signal to the Job's processes, as the machine does that runs out of memory. */
  kill(job: string, signal: NodeJS.Signals): void;
  /**
   * Kills the pods that still run; nothing is reported of them any more.
   *
   * @throws {AggregateError} when a pod asked for something that is not played here.
   */
  stop(): Promise<void>;
}

export function isComplete(job: Job): boolean {
  return hasCondition(job, 'Complete');
}

export function isFailed(job: Job): boolean {
  return hasCondition(job, 'Failed');
}

function hasCondition(job: Job, type: string): boolean {
  return job.status.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

/**
 * Plays the kubelet, and the scheduler, for every pod of a namespace: each gets the environment and the token that
 * its manifest asks for and runs as a process of this machine, any number side by side, and its end is reported to
 * the API server. A deleted pod gets SIGTERM, and SIGKILL after its grace period. One container a pod is played.
 */
export function startPodPlayer({ namespace, ...stage }: PodPlayerOptions): PodPlayer {
  const { controlPlane } = stage;
  const runs: PodRun[] = [];
  const pods = new Map<string, PlayedPod>();
  const jobs = new Map<string, Job>();
  const defects: unknown[] = [];
  const printedBy = (pod: string): string | undefined => {
    const run = runs.find((ended) => ended.pod === pod);
    return run && run.stdout + run.stderr;
  };
  const kubelet = startPlayedKubelet(controlPlane, printedBy);
  const node = kubelet.then(({ node: name }) => name);

  const play = async (pod: Pod): Promise<void> => {
    const played = new PlayedPod({ ...stage, node, onEnd: (run) => runs.push(run) }, pod);
    pods.set(pod.metadata.uid, played);
    await played.done.catch((error: unknown) => defects.push(error));
    pods.delete(pod.metadata.uid);
  };
  const unwatchJobs = controlPlane.watch<Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`, (job, change) => {
    if (change === 'DELETED') jobs.delete(job.metadata.name);
    else jobs.set(job.metadata.name, job);
  });
  const unwatchPods = controlPlane.watch<Pod>(`/api/v1/namespaces/${namespace}/pods`, (pod, change) => {
    const { uid, deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    const played = pods.get(uid);
    if (change === 'DELETED') played?.terminate(0);
    else if (deletionTimestamp !== undefined && played) played.terminate(deletionGracePeriodSeconds ?? 0);
    else if (deletionTimestamp !== undefined) void removeLeftBehind(pod);
    else if (!played && pod.spec.nodeName === undefined && pod.status.phase === 'Pending') void play(pod);
  });
  const removeLeftBehind = (pod: Pod) => removePod(controlPlane, pod).catch((error: unknown) => defects.push(error));
  const runningOf = (job: string) => [...pods.values()].filter((played) => played.job === job && played.isRunning);

  return {
    runs,
    untilRun(job, withinMs) {
      const look = async () => runs.find((run) => run.job === job);
      return until(() => `a pod of Job ${job} ends`, look, withinMs);
    },
    async untilStarted(job, withinMs) {
      const look = async () => runningOf(job)[0];
      await until(() => `a pod of Job ${job} runs`, look, withinMs);
    },
    untilJob(name, condition, withinMs) {
      const look = async () => {
        const job = jobs.get(name);
        return job && condition(job) ? job : undefined;
      };
      return until(
        () => `Job ${name} as it should be; it is ${JSON.stringify(jobs.get(name)?.status)}`,
        look,
        withinMs,
      );
    },
    kill(job, signal) {
      for (const played of runningOf(job)) played.kill(signal);
    },
    async stop() {
      unwatchJobs();
      unwatchPods();
      const left = [...pods.values()];
      for (const played of left) played.abandon();
      await Promise.allSettled(left.map(({ done }) => done));
      await (await kubelet).stop();
      if (defects.length > 0) throw new AggregateError(defects, `pods that cannot be played: ${defects.join('; ')}`);
    },
  };
}
