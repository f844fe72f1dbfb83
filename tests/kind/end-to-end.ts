import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, accountAt } from '../support/account';
import { fillInManifests } from '../support/filled-in-manifests';
import { screenedAccount, type TestAccount } from '../support/test-account';
import { until } from '../support/until';

/*
 * On a real cluster, which kind makes: everything that the played pods of the other tests leave out. The image, its
 * limits, the network policy, names, https. Needs a cluster that kubectl reaches and that holds both images; the
 * pipeline has one. `npx jest --testMatch '**\/tests/kind/end-to-end.ts'`
 */

const HOST = 'cyrus.mail.svc';
const SLOW = 240_000;

async function kubectl(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('kubectl', args)).stdout;
}

const inMailroom = (...args: readonly string[]) => kubectl('--namespace', 'mailroom', ...args);

function apply(objects: readonly object[]): void {
  execFileSync('kubectl', ['apply', '--filename', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  });
}

function mailServer(tls: Readonly<Record<string, string>>): readonly object[] {
  const metadata = { name: 'cyrus', namespace: 'mail', labels: { app: 'cyrus' } };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'mail' } },
    { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', stringData: tls },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'cyrus' }, ports: [{ port: 443 }] } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        containers: [
          {
            name: 'cyrus',
            image: 'mailroom.test/cyrus:1',
            imagePullPolicy: 'Never',
            readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
            volumeMounts: [{ name: 'tls', mountPath: '/tls' }],
          },
        ],
        volumes: [{ name: 'tls', secret: { secretName: 'cyrus' } }],
      },
    },
  ];
}

/** The mail server's certificate is its own authority, which the pods have to trust. */
function trust(): string {
  const container = '/spec/jobTemplate/spec/template/spec';
  return JSON.stringify([
    { op: 'add', path: `${container}/volumes/-`, value: { name: 'ca', configMap: { name: 'mail-ca' } } },
    { op: 'add', path: `${container}/containers/0/volumeMounts/-`, value: { name: 'ca', mountPath: '/ca' } },
    {
      op: 'add',
      path: `${container}/containers/0/env/-`,
      value: { name: 'NODE_EXTRA_CA_CERTS', value: '/ca/tls.crt' },
    },
  ]);
}

describe('On kind', () => {
  let folder: string;
  let forward: ChildProcess;
  let account: TestAccount;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mailroom-kind-'));
    const tls = makeCertificate(folder);
    apply(mailServer(tls));
    await kubectl('wait', '--namespace', 'mail', '--for=condition=Ready', '--timeout=120s', 'pod/cyrus');
    const inside: Account = JSON.parse(await kubectl('logs', '--namespace', 'mail', 'cyrus'));
    let origin: string;
    [forward, origin] = await forwardPort();
    account = await screenedAccount({ addUser: async () => accountAt(inside, origin) });

    const manifests = join(folder, 'deploy');
    cpSync('deploy', manifests, { recursive: true });
    await fillInManifests(manifests, { account: accountAt(inside, `https://${HOST}`) });
    await kubectl('apply', '--filename', manifests);
    await kubectl('apply', '--filename', manifests);
    const metadata = { name: 'mail-ca', namespace: 'mailroom' };
    apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'tls.crt': tls['tls.crt'] } }]);
    await inMailroom('patch', 'cronjob', 'mailroom', '--type=json', `--patch=${trust()}`);
  }, SLOW);

  afterAll(() => {
    forward?.kill();
    rmSync(folder, { recursive: true });
  });

  const tag = (subject: string, label: string) =>
    account.addMessage({ subject, from: 'news@sender.example', mailboxes: ['Screener', label] });

  it(
    'triages by a Job that is made by hand',
    async () => {
      await tag('by hand', '@ToFeed');
      await inMailroom('create', 'job', '--from=cronjob/mailroom', 'now');
      await inMailroom('wait', '--for=condition=complete', '--timeout=180s', 'job/now');
      expect(await account.mailboxesOf('by hand')).toEqual(['Feed']);
      const lines = (await inMailroom('logs', 'job/now')).trim().split('\n');
      const said = await inMailroom(
        ...['get', 'pods', '--selector=job-name=now'],
        '--output=jsonpath={.items[0].status.containerStatuses[0].state.terminated.message}',
      );
      expect(said).toBe(JSON.parse(lines.at(-1) ?? '').message);
      expect(said).not.toBe('');
    },
    SLOW,
  );

  it(
    'triages on its schedule',
    async () => {
      await tag('by schedule', '@ToJail');
      const patch = (spec: object) => inMailroom('patch', 'cronjob', 'mailroom', `--patch=${JSON.stringify({ spec })}`);
      await patch({ schedule: '* * * * *', suspend: false });
      await until(
        () => 'the schedule files the message',
        async () => ((await account.mailboxesOf('by schedule')).join() === 'Jail' ? true : undefined),
        SLOW - 30_000,
      );
      await patch({ suspend: true });
    },
    SLOW,
  );

  it(
    'counts a failure in a Job that completes, and says so on the CronJob',
    async () => {
      await kubectl('delete', '--namespace', 'mail', '--now', 'pod/cyrus');
      await inMailroom('create', 'job', '--from=cronjob/mailroom', 'down');
      await inMailroom('wait', '--for=condition=complete', '--timeout=180s', 'job/down');
      const count = '--output=jsonpath={.metadata.annotations.mailroom/consecutive-failures}';
      expect(await inMailroom('get', 'configmap', 'mailroom-state', count)).toBe('1');
      expect(await inMailroom('describe', 'cronjob', 'mailroom')).toMatch(/Warning\s+CycleFailed/);
    },
    SLOW,
  );
});

function makeCertificate(folder: string): Readonly<Record<string, string>> {
  const [key, crt] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const names = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', crt, ...names], {
    stdio: 'pipe',
  });
  const read = (path: string) => readFileSync(path, 'utf8');
  return { 'tls.key': read(key), 'tls.crt': read(crt) };
}

/** The way to the mail server's plain port, on a free port of this machine. */
async function forwardPort(): Promise<[ChildProcess, string]> {
  const child = spawn('kubectl', ['port-forward', '--namespace', 'mail', 'pod/cyrus', ':8080']);
  const port = await new Promise<string>((resolve, reject) => {
    child.once('error', reject).once('exit', () => reject(new Error('kubectl port-forward ended')));
    child.stdout.on('data', (text: Buffer) => {
      const found = /127\.0\.0\.1:(\d+)/.exec(String(text))?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return [child, `http://127.0.0.1:${port}`];
}
