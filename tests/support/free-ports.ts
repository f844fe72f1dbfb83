import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the ports that systems take for outgoing connections (32,768 and up on Linux), of which there are hundreds a second:
 * one of those might have the port before the server that it is meant for.
 */
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** Ports of 127.0.0.1 that nobody listens on at this moment, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: { readonly port: number; readonly server: Server }[] = [];
  while (held.length < count) {
    const port = randomInt(LOWEST, HIGHEST);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (isFree) held.push({ port, server });
  }
  await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return held.map(({ port }) => port);
}
