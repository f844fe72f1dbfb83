import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../http/loopback-certificate';
import type { ControlPlane } from './control-plane';
import { unlessFound } from './kubernetes-api';

export interface PlayedKubelet {
  /** Name of the node whose pods it has. */
  readonly node: string;
  stop(): Promise<void>;
}

/**
 * A node whose kubelet tells the API server what ended pods have printed, so that `kubectl logs` works.
 *
 * @param printedBy all that the pod of this name printed; undefined while it runs.
 */
export async function startPlayedKubelet(
  controlPlane: Pick<ControlPlane, 'request'>,
  printedBy: (pod: string) => string | undefined,
): Promise<PlayedKubelet> {
  const server = createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }, (request, response) => {
    const [, endpoint, , pod = ''] = new URL(request.url ?? '/', 'https://kubelet').pathname.split('/');
    const printed = endpoint === 'containerLogs' ? printedBy(pod) : undefined;
    response.writeHead(printed === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(printed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const node = `played-${port}`;
  await controlPlane.request('POST', '/api/v1/nodes', {
    body: { apiVersion: 'v1', kind: 'Node', metadata: { name: node } },
  });
  await controlPlane.request('PATCH', `/api/v1/nodes/${node}/status`, {
    body: {
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: port } },
      },
    },
  });
  return {
    node,
    async stop() {
      await controlPlane.request('DELETE', `/api/v1/nodes/${node}`).catch(unlessFound);
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
