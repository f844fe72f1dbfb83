import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { CommandResult, ControlPlane } from './control-plane';
import { fillInManifests, type UserValues } from './filled-in-manifests';
import type { Job, Metadata } from './kubernetes-objects';
import type { PodRun } from './played-pod';
import { isComplete, isFailed, type PodPlayer, startPodPlayer } from './pod-player';

export const NAMESPACE = 'mailroom';

export interface DeploymentOptions extends UserValues {
  /** In place of the one in the manifests, which then makes no Jobs by itself. */
  readonly schedule?: string;
  /** Variables that each pod gets whatever the manifests say. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Mailroom in a cluster, from the manifests in `deploy/`, with nothing left of an earlier one. */
export interface Deployment {
  readonly player: PodPlayer;
  /** `kubectl apply -f` of the folder, as it has been filled in. */
  apply(): Promise<CommandResult>;
  /** Makes a Job by hand, as docs/deploy.md shows it. */
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

/** Applies the manifests and plays the pods. The CronJob makes Jobs by itself only where there is a schedule. */
export async function deployMailroom(controlPlane: ControlPlane, options: DeploymentOptions): Promise<Deployment> {
  const { schedule, environment } = options;
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-deploy-'));
  const manifests = join(folder, 'deploy');
  await cp('deploy', manifests, { recursive: true });
  await fillInManifests(manifests, options);

  const kubectl = (...args: readonly string[]) => controlPlane.kubectl('--namespace', NAMESPACE, ...args);
  const demand = async (...args: readonly string[]): Promise<string> => demanded(await kubectl(...args));
  const apply = () => controlPlane.kubectl('apply', '--filename', manifests);

  await clear(kubectl);
  demanded(await apply());
  const player = startPodPlayer({ controlPlane, namespace: NAMESPACE, program: resolve('dist/run.js'), environment });
  if (schedule !== undefined)
    await demand('patch', 'cronjob', 'mailroom', '--patch', JSON.stringify({ spec: { schedule, suspend: false } }));

  const createJob = async (name: string): Promise<void> => {
    await demand('create', 'job', name, '--from=cronjob/mailroom');
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
      const env = { ...process.env, KUBECTL: controlPlane.kubectlProgram, KUBECONFIG: controlPlane.kubeconfig };
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
async function clear(kubectl: (...args: readonly string[]) => Promise<CommandResult>): Promise<void> {
  const everything = 'cronjobs,jobs,pods,configmaps,secrets,serviceaccounts,roles,rolebindings,networkpolicies';
  await kubectl('delete', everything, '--selector', 'app.kubernetes.io/name=mailroom', '--wait=true', '--now');
  demanded(await kubectl('delete', 'events.events.k8s.io', '--all', '--ignore-not-found'));
}

function demanded({ exitCode, stdout, stderr }: CommandResult): string {
  if (exitCode !== 0 || stderr !== '') throw new Error(`kubectl ended with ${exitCode}: ${stderr}`);
  return stdout;
}
