import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePorts } from './free-ports';

describe('Free ports', () => {
  it('are different, can be listened on, and are none of those that outgoing connections get', async () => {
    const ports = await freePorts(50);
    expect(new Set(ports).size).toBe(50);
    expect(Math.max(...ports)).toBeLessThan(32_768);
    const servers = ports.map((port) => createServer().listen(port, '127.0.0.1'));
    await Promise.all(servers.map((server) => once(server, 'listening')));
    for (const server of servers) server.close();
  });
});
