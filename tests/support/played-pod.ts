import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ContainerEnd, type ContainerProcess, startContainer } from './container-process';
import type { ControlPlane } from './control-plane';
import { unlessFound } from './kubernetes-api';
import type { Pod } from './kubernetes-objects';
import { environmentOf, nodeArgumentsOf, PodConfigError, writeMount } from './pod-environment';

/** What one pod did, from its start to its end. */
export interface PodRun extends ContainerEnd {
  readonly pod: string;
  /** The Job that owns the pod. */
  readonly job: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

export interface PodStage {
  readonly controlPlane: Pick<ControlPlane, 'request' | 'port'>;
  /** Absolute path of the script that Node runs in the place of the one in the image. */
  readonly program: string;
  /** Variables that each pod gets whatever the manifests say: to take the API server away, for one. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Name of the node that every pod runs on. */
  readonly node: Promise<string>;
  /** Hears of the end before the API server does. */
  readonly onEnd: (run: PodRun) => void;
}

const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

const CONFIG_RETRY_MS = 200;

/** One pod, from the moment it is seen to the moment its end is reported. */
export class PlayedPod {
  readonly job: string | undefined;
  /** Rejects when the pod asks for something that is not played here. */
  readonly done: Promise<void>;
  private readonly stage: PodStage;
  private readonly pod: Pod;
  private process: ContainerProcess | undefined;
  private deleted = false;
  private abandoned = false;

  constructor(stage: PodStage, pod: Pod) {
    this.stage = stage;
    this.pod = pod;
    this.job = jobOf(pod);
    this.done = this.playToTheEnd();
  }

  get isRunning(): boolean {
    return this.process !== undefined;
  }

  kill(signal: NodeJS.Signals): void {
    this.process?.kill(signal);
  }

  /** What kubelet does with a pod that is being deleted. */
  terminate(graceSeconds: number): void {
    if (this.deleted) return;
    this.deleted = true;
    this.kill('SIGTERM');
    setTimeout(() => this.kill('SIGKILL'), graceSeconds * 1000).unref();
  }

  /** Kills the process, and reports nothing any more. */
  abandon(): void {
    this.abandoned = true;
    this.kill('SIGKILL');
  }

  private async playToTheEnd(): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'mailroom-pod-'));
    try {
      await this.play(folder);
      if (this.deleted) await this.remove();
    } catch (error) {
      if (this.abandoned) return;
      await this.report({ phase: 'Failed', reason: 'NotPlayed', message: String(error) });
      throw error;
    } finally {
      this.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async play(folder: string): Promise<void> {
    await this.bind();
    const environment = await this.furnish(folder);
    if (this.deleted || environment === undefined) return this.report({ phase: 'Failed' });
    const [container] = this.pod.spec.containers;
    const startedAt = new Date().toISOString();
    this.process = await startContainer({
      program: this.stage.program,
      ...nodeArgumentsOf(container, environment),
      environment,
      folder,
      terminationLog: terminationLogIn(folder),
      policy: container.terminationMessagePolicy,
    });
    const running = containerStatus(this.pod, { running: { startedAt } });
    await this.report({ phase: 'Running', startTime: startedAt, containerStatuses: [running] });
    const end = await this.process.end;
    if (this.abandoned) return;
    this.stage.onEnd({ pod: this.pod.metadata.name, job: this.job, environment, ...end });
    await this.report(endStatus(this.pod, end, startedAt));
  }

  /** The environment, with the files it points to; undefined for a pod that goes before it has all it needs. */
  private async furnish(folder: string): Promise<Readonly<Record<string, string>> | undefined> {
    const { controlPlane, environment } = this.stage;
    const serviceAccount = join(folder, 'serviceaccount');
    while (!this.deleted && !this.abandoned) {
      try {
        const own = await environmentOf(controlPlane, this.pod);
        await writeMount(controlPlane, this.pod, SERVICE_ACCOUNT_FOLDER, serviceAccount);
        return {
          HOSTNAME: this.pod.metadata.name,
          KUBERNETES_SERVICE_HOST: '127.0.0.1',
          KUBERNETES_SERVICE_PORT: String(controlPlane.port),
          ...own,
          MAILROOM_SERVICEACCOUNT_DIR: serviceAccount,
          MAILROOM_TERMINATION_LOG: terminationLogIn(folder),
          ...environment,
        };
      } catch (error) {
        if (!(error instanceof PodConfigError)) throw error;
        const waiting = { reason: 'CreateContainerConfigError', message: error.message };
        await this.report({ containerStatuses: [containerStatus(this.pod, { waiting })] });
        await delay(CONFIG_RETRY_MS);
      }
    }
    return undefined;
  }

  /** What the scheduler does. Unbound pods have no grace period. */
  private async bind(): Promise<void> {
    const body = { metadata: { name: this.pod.metadata.name }, target: { kind: 'Node', name: await this.stage.node } };
    await this.stage.controlPlane.request('POST', `${pathOf(this.pod)}/binding`, { body }).catch(unlessFound);
  }

  private async report(status: object): Promise<void> {
    // The pod may be gone at any moment, and then there is nothing to report to.
    if (!this.abandoned)
      await this.stage.controlPlane
        .request('PATCH', `${pathOf(this.pod)}/status`, { body: { status } })
        .catch(unlessFound);
  }

  private async remove(): Promise<void> {
    if (!this.abandoned) await removePod(this.stage.controlPlane, this.pod);
  }
}

/** What kubelet does when nothing of a deleted pod runs any more. */
export async function removePod(controlPlane: Pick<ControlPlane, 'request'>, pod: Pod): Promise<void> {
  const body = { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } };
  await controlPlane.request('DELETE', pathOf(pod), { body }).catch(unlessFound);
}

function pathOf({ metadata }: Pod): string {
  return `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
}

function jobOf({ metadata }: Pod): string | undefined {
  return metadata.ownerReferences?.find(({ kind }) => kind === 'Job')?.name;
}

function terminationLogIn(folder: string): string {
  return join(folder, 'termination-log');
}

function containerStatus({ spec }: Pod, state: object): object {
  const [{ name, image }] = spec.containers;
  const running = 'running' in state;
  return { name, image, imageID: image, ready: running, started: running, restartCount: 0, state };
}

function endStatus(pod: Pod, { exitCode, terminationMessage }: ContainerEnd, startedAt: string): object {
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    message: terminationMessage,
    startedAt,
    finishedAt: new Date().toISOString(),
  };
  return {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    containerStatuses: [containerStatus(pod, { terminated })],
  };
}
