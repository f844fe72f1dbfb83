import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../http/loopback-certificate';

export interface StateServer {
  /** What a pod has around it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** An API server that knows the ConfigMap of the state, and nothing else. */
export async function startStateServer(annotations: Readonly<Record<string, string>>): Promise<StateServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-pod-'));
  const files = { 'ca.crt': LOOPBACK_CERTIFICATE, token: 'token-of-the-pod', namespace: 'mailroom' };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const server = createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, ({ method, url }, response) => {
    const known = method === 'GET' && url === '/api/v1/namespaces/mailroom/configmaps/mailroom-state';
    const body = { metadata: { name: 'mailroom-state', resourceVersion: '1', annotations } };
    response
      .writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(known ? body : {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    env: {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String((server.address() as AddressInfo).port),
      MAILROOM_SERVICEACCOUNT_DIR: folder,
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
      await rm(folder, { recursive: true });
    },
  };
}
