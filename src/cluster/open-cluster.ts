import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MailroomError } from '../errors';
import { createHttpClient, type HttpClient } from '../http/client';
import type { Cluster } from './cluster';
import { createFailureCount } from './failure-count';
import { createKubernetes, type Kubernetes, type Send } from './kubernetes';

export interface ClusterOptions {
  /** KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which every pod has. */
  readonly host: string | undefined;
  readonly port: string | undefined;
  /** Folder with `token`, `ca.crt` and `namespace`. */
  readonly serviceAccountDir: string;
  /** Name of the state ConfigMap. */
  readonly configMap: string;
  /** Name of the CronJob that Events are about. */
  readonly cronJob: string;
  /** Name of the pod, which reports the Events. */
  readonly pod: string;
  /** The consecutive failure that is fatal. */
  readonly threshold: number;
  /** Seconds after which a cycle that has not said that it ended does not run any more. */
  readonly longestCycle: number;
  /** Values that must not become public. */
  readonly secrets: readonly string[];
  readonly warn: (message: string) => void;
}

/** The API server is near, and a pod that was told to stop has a minute. */
const ATTEMPT_TIMEOUT_MS = 5_000;

/** The cluster that this process runs in; undefined outside a cluster, and in a pod without a service account token. */
export function openCluster(options: ClusterOptions): Cluster | undefined {
  const { host, port, serviceAccountDir, pod } = options;
  if (host === undefined || host === '' || !existsSync(join(serviceAccountDir, 'token'))) return undefined;
  const origin = `https://${host.includes(':') ? `[${host}]` : host}:${port || '443'}`;

  let current: { readonly key: string; readonly client: HttpClient } | undefined;

  async function connect(): Promise<HttpClient> {
    // Projected tokens are replaced while the pod runs.
    const [token, ca] = await Promise.all([
      credential(serviceAccountDir, 'token'),
      credential(serviceAccountDir, 'ca.crt'),
    ]);
    const key = `${token}\n${ca}`;
    if (current?.key !== key)
      current = {
        key,
        client: createHttpClient({
          name: 'Kubernetes',
          origin,
          authorization: `Bearer ${token}`,
          credentialSettings: "the pod's service account token",
          ca,
          concurrency: 2,
          attemptTimeout: ATTEMPT_TIMEOUT_MS,
        }),
      };
    return current.client;
  }

  const send: Send = async (path, init) => (await connect()).fetch(`${origin}${path}`, init);

  /** The namespace is only known once its file is read, which may fail; then each request says so. */
  async function kubernetes(): Promise<Kubernetes> {
    return createKubernetes({ send, namespace: await credential(serviceAccountDir, 'namespace'), reporter: pod });
  }

  return createFailureCount({
    ...options,
    kubernetes: {
      readConfigMap: async (...request) => (await kubernetes()).readConfigMap(...request),
      patchAnnotations: async (...request) => (await kubernetes()).patchAnnotations(...request),
      cronJobUid: async (...request) => (await kubernetes()).cronJobUid(...request),
      createEvent: async (...request) => (await kubernetes()).createEvent(...request),
    },
  });
}

async function credential(folder: string, name: string): Promise<string> {
  try {
    return readFileSync(join(folder, name), 'utf8').trim();
  } catch (cause) {
    throw new MailroomError({
      code: 'credentials',
      message: `The pod's service account has no readable ${name}`,
      hint: 'The projected volume in deploy/ holds token, ca.crt and namespace: kubectl apply -f deploy/',
      cause,
    });
  }
}
