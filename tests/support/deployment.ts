import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import type { CommandResult, ControlPlane } from './control-plane';
import { fillInManifests, type UserValues } from './filled-in-manifests';
import { type NewObject, unlessThere } from './kubernetes-api';
import type { CronJob, Job, Metadata } from './kubernetes-objects';
import type { PodRun } from './played-pod';
import { isComplete, isFailed, type PodPlayer, startPodPlayer } from './pod-player';
import { until } from './until';

export const NAMESPACE = 'mailroom';

export interface DeploymentOptions extends UserValues {
  /** In place of the one in the manifests, which then makes no Jobs by itself. */
  readonly schedule?: string;
  /** Variables that each pod gets whatever the manifests say. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Makes it by `kubectl apply`, as the user does, and not by requests alone, which are a fifth of the work. */
  readonly applied?: boolean;
}

/** Mailroom in a cluster, from the manifests in `deploy/`, with nothing left of an earlier one. */
export interface Deployment {
  readonly player: PodPlayer;
  /** `kubectl apply -f` of the folder, as it has been filled in. */
  apply(): Promise<CommandResult>;
  /** Makes a Job by hand: the one that `kubectl create job --from=cronjob/mailroom` makes. */
  createJob(name: string): Promise<void>;
  /** Makes a Job by hand, and waits for its end. */
  runJob(name: string): Promise<{ readonly job: Job; readonly run: PodRun }>;
  /** Runs another command of the bundle in a pod, as docs/deploy.md shows it. */
  runCommand(name: string, ...words: readonly string[]): Promise<PodRun>;
  /** What Mailroom has written on the state ConfigMap, without the `mailroom/`. */
  state(): Promise<Readonly<Record<string, string>>>;
  /** Ends the pods that still run. */
  stop(): Promise<void>;
}

const PREFIX = 'mailroom/';

const JOBS = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
const CRON_JOB = `/apis/batch/v1/namespaces/${NAMESPACE}/cronjobs/mailroom`;

/** Where what a deployment consists of is listed, and what its CronJobs make: what makes others comes first. */
const LISTS = [
  ...inNamespace('/apis/batch/v1', ['cronjobs', 'jobs']),
  ...inNamespace('/api/v1', ['pods', 'configmaps', 'secrets', 'serviceaccounts']),
  ...inNamespace('/apis/rbac.authorization.k8s.io/v1', ['roles', 'rolebindings']),
  ...inNamespace('/apis/networking.k8s.io/v1', ['networkpolicies']),
].map((list) => `${list}?labelSelector=app.kubernetes.io/name=mailroom`);

/** Makes what the manifests hold and plays the pods. The CronJob makes Jobs by itself only where there is a schedule. */
export async function deployMailroom(controlPlane: ControlPlane, options: DeploymentOptions): Promise<Deployment> {
  const { schedule, environment, applied = false } = options;
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-deploy-'));
  const manifests = join(folder, 'deploy');
  await cp('deploy', manifests, { recursive: true });
  await fillInManifests(manifests, options);

  const apply = () => controlPlane.kubectl('apply', '--filename', manifests);

  await clear(controlPlane);
  if (applied) demanded(await apply());
  else await make(controlPlane, manifests);
  const player = startPodPlayer({ controlPlane, namespace: NAMESPACE, program: resolve('dist/run.js'), environment });
  if (schedule !== undefined)
    await controlPlane.request('PATCH', CRON_JOB, { body: { spec: { schedule, suspend: false } } });

  const createJob = async (name: string): Promise<void> => {
    const { metadata, spec } = await controlPlane.request<CronJob>('GET', CRON_JOB);
    const { labels } = spec.jobTemplate.metadata;
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid, controller: true };
    const annotations = { 'cronjob.kubernetes.io/instantiate': 'manual' };
    await controlPlane.request('POST', JOBS, {
      body: { metadata: { name, annotations, labels, ownerReferences: [owner] }, spec: spec.jobTemplate.spec },
    });
  };
  const ended = (job: Job): boolean => isComplete(job) || isFailed(job);

  return {
    player,
    apply,
    createJob,
    async runJob(name) {
      await createJob(name);
      const job = await player.untilJob(name, ended, 60_000);
      return { job, run: await player.untilRun(name) };
    },
    async runCommand(name, ...words) {
      const script = `kubectl() { "$KUBECTL" "$@"; }\n${await documentedFunction()}\nmailroom_job "$@"`;
      const env = { ...process.env, KUBECTL: controlPlane.kubectlProgram, ...controlPlane.kubectlEnvironment };
      await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script, 'bash', name, ...words], { env });
      return player.untilRun(name);
    },
    async state() {
      const { metadata } = await controlPlane.request<{ readonly metadata: Metadata }>(
        'GET',
        `/api/v1/namespaces/${NAMESPACE}/configmaps/mailroom-state`,
      );
      return Object.fromEntries(
        Object.entries(metadata.annotations ?? {})
          .filter(([key]) => key.startsWith(PREFIX))
          .map(([key, value]) => [key.slice(PREFIX.length), value]),
      );
    },
    async stop() {
      await player.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The shell function of docs/deploy.md that makes a Job of any command. */
async function documentedFunction(): Promise<string> {
  const found = /^mailroom_job\(\) \{\n[\s\S]*?^\}$/m.exec(await readFile('docs/deploy.md', 'utf8'));
  if (found === null) throw new Error('docs/deploy.md has no function mailroom_job');
  return found[0];
}

/** Nothing is left of what a test before this one did. */
async function clear({ request }: ControlPlane): Promise<void> {
  const body = { propagationPolicy: 'Background', gracePeriodSeconds: 0 };
  for (const list of LISTS) await request('DELETE', list, { body });
  let left: readonly string[] = LISTS;
  await until(
    () => `nothing of an earlier deployment is left: ${left}`,
    async () => {
      const found = await Promise.all(left.map((list) => request<{ readonly items: readonly object[] }>('GET', list)));
      left = left.filter((_, index) => found[index]?.items.length !== 0);
      return left.length === 0 || undefined;
    },
  );
  await request('DELETE', `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events`);
}

/** Makes what is in the manifests of a folder, of which the namespace may be there. */
async function make({ create }: ControlPlane, folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  for (const file of files)
    for (const object of loadAll(await readFile(join(folder, file), 'utf8')) as readonly NewObject[])
      await create(object).catch(object.kind === 'Namespace' ? unlessThere : undefined);
}

function inNamespace(group: string, kinds: readonly string[]): readonly string[] {
  return kinds.map((kind) => `${group}/namespaces/${NAMESPACE}/${kind}`);
}

function demanded({ exitCode, stderr }: CommandResult): void {
  if (exitCode !== 0 || stderr !== '') throw new Error(`kubectl ended with ${exitCode}: ${stderr}`);
}
