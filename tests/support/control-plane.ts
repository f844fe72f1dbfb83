import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePorts } from './free-ports';
import { programsOf } from './go-programs';
import { type KeptProcess, keepRunning } from './kept-process';
import { type ApiServer, type KubernetesApi, kubernetesApi } from './kubernetes-api';
import { until } from './until';

const READY_WITHIN_MS = 60_000;

/** For servers in Go: collecting garbage is a quarter of what a start costs them, and there is memory enough. */
const RARELY = 'GOGC=400';

/** A Kubernetes without nodes: everything is real up to the pods, which a pod player plays. */
export interface ControlPlane extends ApiServer, Pick<KubernetesApi, 'request' | 'create' | 'watch'> {
  readonly port: number;
  /** Path of the kubectl that goes with it. */
  readonly kubectlProgram: string;
  /** What makes kubectl a cluster administrator's, and one that does not clear up what its end clears up. */
  readonly kubectlEnvironment: { readonly KUBECONFIG: string; readonly GOGC: string };
  /** Runs kubectl as the administrator; its exit status is in the result. */
  kubectl(...args: readonly string[]): Promise<CommandResult>;
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const programs = programsOf('control-plane', 'a Kubernetes control plane');

export const controlPlaneRequirement = programs.requirement;

/**
 * Starts etcd, kube-apiserver (RBAC, Pod Security and the admission of service accounts on) and the controllers for
 * CronJobs, Jobs, namespaces, service accounts and garbage, on free ports of the loopback, and comes back when all
 * of them work. Takes about three seconds.
 *
 * @throws {Error} when one of them is not ready within a minute, with the end of what they printed.
 */
export async function startControlPlane(): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-control-plane-'));
  const [etcdPort, peerPort, port] = await freePorts(3);
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const server = `https://127.0.0.1:${port}`;
  const token = 'administrator';
  const kubeconfig = join(folder, 'kubeconfig');
  const certificate = join(folder, 'certificates', 'apiserver.crt');
  const authority = join(folder, 'authority.crt');
  await writeServiceAccountKeys(folder);
  await writeFile(join(folder, 'tokens.csv'), `${token},administrator,administrator,"system:masters"\n`);

  const running: KeptProcess[] = [];
  const start = (name: string, flags: Readonly<Record<string, string>>, removes = ''): void => {
    const log = join(folder, `${name}.log`);
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    running.unshift(keepRunning({ command: 'env', arguments: [RARELY, programs.path(name), ...args], log, removes }));
  };
  const stop = async (): Promise<void> => {
    // The last one started goes first, so that nothing misses what it builds on.
    for (const process of running) await process.end();
  };

  try {
    start(
      'etcd',
      {
        'data-dir': join(folder, 'etcd'),
        'unsafe-no-fsync': 'true',
        'listen-client-urls': etcd,
        'advertise-client-urls': etcd,
        'listen-peer-urls': `http://127.0.0.1:${peerPort}`,
      },
      folder,
    );
    start('kube-apiserver', {
      'etcd-servers': etcd,
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'secure-port': String(port),
      // It makes its own certificate there, with a new authority.
      'cert-dir': join(folder, 'certificates'),
      'token-auth-file': join(folder, 'tokens.csv'),
      'authorization-mode': 'RBAC',
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': join(folder, 'service-accounts.pub'),
      'service-account-signing-key-file': join(folder, 'service-accounts.key'),
      'service-cluster-ip-range': '10.0.0.0/24',
      // A loopback address cannot be the endpoint of the Service `kubernetes`.
      'endpoint-reconciler-type': 'none',
    });
    const ca = await until(
      () => 'kube-apiserver makes its certificate',
      async () => authorityOf(await readFile(certificate, 'utf8')),
      READY_WITHIN_MS,
    );
    await writeFile(authority, ca);
    await writeFile(kubeconfig, kubeconfigFor({ server, ca, token }));
    const api = kubernetesApi({ server, ca, token });
    await until(
      () => 'kube-apiserver is ready',
      () => api.request('GET', '/readyz'),
      READY_WITHIN_MS,
    );
    start('kube-controller-manager', {
      kubeconfig,
      'use-service-account-credentials': 'true',
      'service-account-private-key-file': join(folder, 'service-accounts.key'),
      'root-ca-file': authority,
      'leader-elect': 'false',
      'secure-port': '0',
      controllers: CONTROLLERS.join(','),
    });
    await until(
      () => 'kube-controller-manager works',
      () => api.request('GET', '/api/v1/namespaces/default/configmaps/kube-root-ca.crt'),
      READY_WITHIN_MS,
    );
    const kubectlProgram = programs.path('kubectl');
    const kubectlEnvironment = { KUBECONFIG: kubeconfig, GOGC: 'off' };
    return {
      ...{
        server,
        port: port as number,
        ca,
        token,
        kubectlProgram,
        kubectlEnvironment,
        request: api.request,
        create: api.create,
        watch: api.watch,
      },
      kubectl: (...args) => runToEnd(kubectlProgram, args, { ...kubectlEnvironment, HOME: folder }),
      async stop() {
        api.close();
        await stop();
      },
    };
  } catch (error) {
    const logs = await Promise.all(['etcd', 'kube-apiserver', 'kube-controller-manager'].map((n) => endOf(folder, n)));
    await stop();
    throw new Error(`the control plane did not start\n${logs.join('\n')}`, { cause: error });
  }
}

const CONTROLLERS: readonly string[] = [
  'cronjob-controller',
  'job-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
  'garbage-collector-controller',
  'namespace-controller',
];

async function writeServiceAccountKeys(folder: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privatePem = privateKey.export({ type: 'sec1', format: 'pem' });
  await writeFile(join(folder, 'service-accounts.key'), privatePem, { mode: 0o600 });
  await writeFile(join(folder, 'service-accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
}

/** The server's own certificate comes first in its file, that of the authority second. */
function authorityOf(certificates: string): string | undefined {
  return certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g)?.[1];
}

/** A kubeconfig in JSON, which is YAML as well. */
function kubeconfigFor({ server, ca, token }: ApiServer): string {
  const name = 'tests';
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name, user: { token } }],
  });
}

async function runToEnd(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number>((resolve, reject) =>
    child.once('error', reject).once('close', (code) => resolve(code ?? -1)),
  );
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { exitCode, stdout, stderr };
}

async function endOf(folder: string, name: string): Promise<string> {
  const log = await readFile(join(folder, `${name}.log`), 'utf8').catch(() => 'not started');
  return `--- ${name}\n${log.slice(-2000)}`;
}
