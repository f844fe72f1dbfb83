import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlPlane, controlPlaneRequirement, startControlPlane } from '../support/control-plane';
import type { NewObject } from '../support/kubernetes-api';
import type { Job, Pod } from '../support/kubernetes-objects';
import { isComplete, isFailed, type PodPlayer, startPodPlayer } from '../support/pod-player';
import { describeWith } from '../support/requirement';
import { until } from '../support/until';

/** A stand-in for the bundle that says what it was given, and ends as it is told. */
const PROGRAM = `
const { readFileSync, writeFileSync } = require('node:fs');
const folder = process.env.MAILROOM_SERVICEACCOUNT_DIR;
const token = (() => { try { return readFileSync(folder + '/token', 'utf8'); } catch { return null; } })();
process.stdout.write(JSON.stringify({ words: process.argv.slice(2), options: process.execArgv, env: process.env, token }));
const [order, status] = process.argv.slice(2);
writeFileSync(process.env.MAILROOM_TERMINATION_LOG, 'told to ' + order);
if (order === 'exit') process.exitCode = Number(status);
if (order === 'wait') {
  process.once('SIGTERM', () => { process.stdout.write(' terminated'); clearInterval(timer); });
  const timer = setInterval(() => {}, 1000);
  if (status !== undefined) writeFileSync(status, 'it hears signals');
}
`;

const NAMESPACE = 'played';

function podSpec(words: readonly string[], more: object = {}): object {
  const container = { name: 'main', image: 'example.com/nothing:1', command: ['node', '--no-warnings', '/app/run.js'] };
  return { restartPolicy: 'Never', containers: [{ ...container, args: words, ...more }] };
}

function jobSpec(words: readonly string[], more: object = {}): object {
  return { backoffLimit: 0, template: { spec: podSpec(words, more) } };
}

function job(name: string, words: readonly string[], more: object = {}): NewObject {
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: NAMESPACE }, spec: jobSpec(words, more) };
}

describeWith(controlPlaneRequirement, 'the control plane of the tests', () => {
  let controlPlane: ControlPlane;
  let player: PodPlayer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-program-'));
    const program = join(folder, 'program.js');
    await writeFile(program, PROGRAM);
    controlPlane = await startControlPlane();
    await create([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
    player = startPodPlayer({ controlPlane, namespace: NAMESPACE, program });
  }, 120_000);

  // One hook each, so that a failure of one does not leave the others undone.
  afterAll(() => player?.stop());
  afterAll(() => controlPlane?.stop());
  afterAll(() => rm(folder, { recursive: true }));

  async function create(objects: readonly NewObject[]): Promise<void> {
    for (const object of objects) await controlPlane.create(object);
  }

  function keyValues(kind: 'ConfigMap' | 'Secret', name: string, values: Readonly<Record<string, string>>): NewObject {
    const field = kind === 'Secret' ? 'stringData' : 'data';
    return { apiVersion: 'v1', kind, metadata: { name, namespace: NAMESPACE }, [field]: values };
  }

  it('makes Jobs on a schedule, whose pods are played until they are complete', async () => {
    const schedule = '@every 2s';
    const spec = { schedule, concurrencyPolicy: 'Forbid', jobTemplate: { spec: jobSpec(['exit', '0']) } };
    const name = 'scheduled';
    await create([{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name, namespace: NAMESPACE }, spec }]);

    const scheduled = await until(
      () => 'the schedule makes a Job',
      async () => {
        const path = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
        const { items } = await controlPlane.request<{ readonly items: readonly Job[] }>('GET', path);
        return items.find(({ metadata }) => metadata.name.startsWith(`${name}-`));
      },
    );
    const complete = await player.untilJob(scheduled.metadata.name, isComplete);

    expect(complete.status.succeeded).toBe(1);
    await controlPlane.kubectl('delete', 'cronjob', name, '--namespace', NAMESPACE);
  });

  it('gives kubectl what an ended pod has printed', async () => {
    await create([job('talkative', ['exit', '0'])]);
    await player.untilJob('talkative', isComplete);
    const { stdout, exitCode } = await controlPlane.kubectl('logs', 'job/talkative', '--namespace', NAMESPACE);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ words: ['exit', '0'] });
  });

  it('fails a Job at once whose pod exits with 78, and keeps its last words', async () => {
    await create([job('misconfigured', ['exit', '78'])]);

    const failed = await player.untilJob('misconfigured', isFailed);
    const run = await player.untilRun('misconfigured');

    expect(failed.status).toMatchObject({ failed: 1 });
    expect(run).toMatchObject({ exitCode: 78, terminationMessage: 'told to exit' });
    const shown = await controlPlane.kubectl('describe', 'pod', run.pod, '--namespace', NAMESPACE);
    expect(shown.stdout).toMatch(/Reason:\s+Error\s+Message:\s+told to exit\s+Exit Code:\s+78/);
  });

  it('gives a pod exactly the environment that its manifest asks for', async () => {
    await create([
      keyValues('ConfigMap', 'settings', { COLOUR: 'red', SHAPE: 'round' }),
      keyValues('Secret', 'secrets', { WORD: 'xyzzy', COLOUR: 'blue' }),
      job('furnished', ['exit', '0'], {
        envFrom: [
          { configMapRef: { name: 'settings' } },
          { secretRef: { name: 'secrets' } },
          { secretRef: { name: 'nowhere', optional: true } },
        ],
        env: [
          { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'BOTH', value: '$(COLOUR) and $(SHAPE)' },
          { name: 'NONE', valueFrom: { secretKeyRef: { name: 'secrets', key: 'NONE', optional: true } } },
        ],
      }),
    ]);

    const { stdout, pod, environment } = await player.untilRun('furnished');
    const { env, words, options } = JSON.parse(stdout);

    expect(env).toEqual({
      COLOUR: 'blue',
      SHAPE: 'round',
      WORD: 'xyzzy',
      POD: pod,
      BOTH: 'blue and round',
      HOSTNAME: pod,
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(controlPlane.port),
      MAILROOM_SERVICEACCOUNT_DIR: expect.any(String),
      MAILROOM_TERMINATION_LOG: expect.any(String),
    });
    expect(environment).toEqual(env);
    expect(words).toEqual(['exit', '0']);
    expect(options).toEqual(['--no-warnings']);
  });

  it('gives a pod the token of its service account, which ends with the pod', async () => {
    const listening = join(folder, 'tokened-listens');
    await create([job('tokened', ['wait', listening])]);
    await until(
      () => 'the program listens for signals',
      async () => existsSync(listening) || undefined,
    );
    const whoAmI = async (token: string) =>
      controlPlane.request('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        token,
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      });

    await controlPlane.kubectl('delete', 'job', 'tokened', '--namespace', NAMESPACE, '--cascade=foreground');
    const { stdout, exitCode } = await player.untilRun('tokened');
    const { token } = JSON.parse(stdout.replace(/ terminated$/, ''));

    expect(stdout).toMatch(/ terminated$/);
    expect(exitCode).toBe(0);
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    expect(sub).toBe(`system:serviceaccount:${NAMESPACE}:default`);
    await expect(whoAmI(token)).rejects.toThrow('401');
  });

  it('gives a pod no token that asks for none', async () => {
    const without = job('tokenless', ['exit', '0']) as NewObject & { spec: { template: { spec: object } } };
    Object.assign(without.spec.template.spec, { automountServiceAccountToken: false });
    await create([without]);

    expect(JSON.parse((await player.untilRun('tokenless')).stdout).token).toBeNull();
  });

  it('holds a pod back until the Secret is there that it needs', async () => {
    await create([job('waiting', ['exit', '0'], { envFrom: [{ secretRef: { name: 'late' } }] })]);
    const pods = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=job-name=waiting`;
    await until(
      () => 'the pod waits for its Secret',
      async () => {
        const { items } = await controlPlane.request<{ readonly items: readonly Pod[] }>('GET', pods);
        const [container] = items[0]?.status.containerStatuses ?? [];
        return container?.state.waiting?.reason === 'CreateContainerConfigError' || undefined;
      },
    );

    await create([keyValues('Secret', 'late', { WORD: 'here' })]);

    await player.untilJob('waiting', isComplete);
    expect((await player.untilRun('waiting')).environment).toMatchObject({ WORD: 'here' });
  });

  it('ends a pod that outlives the deadline of its Job', async () => {
    const late = job('late', ['wait']) as NewObject & { spec: object };
    Object.assign(late.spec, { activeDeadlineSeconds: 2 });
    await create([late]);

    const failed = await player.untilJob('late', isFailed);

    expect(failed.status.conditions).toContainEqual(expect.objectContaining({ reason: 'DeadlineExceeded' }));
    expect((await player.untilRun('late')).stdout).toMatch(/ terminated$/);
  });

  it('plays pods side by side, and kills one on demand', async () => {
    await create([job('one', ['wait']), job('two', ['wait'])]);
    await player.untilStarted('one');
    await player.untilStarted('two');

    player.kill('one', 'SIGKILL');

    await player.untilJob('one', isFailed);
    expect((await player.untilRun('one')).exitCode).toBe(137);
    expect(player.runs.map((run) => run.job)).not.toContain('two');
  });

  it('refuses a pod that the namespace is too strict for', async () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await create([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'strict', labels } }]);
    await until(
      () => 'the namespace gets its service account',
      () => controlPlane.request('GET', '/api/v1/namespaces/strict/serviceaccounts/default'),
    );

    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'lax', namespace: 'strict' }, spec: podSpec([]) };
    await expect(controlPlane.create(pod)).rejects.toThrow('violates PodSecurity \\"restricted:latest\\"');
  });
});
