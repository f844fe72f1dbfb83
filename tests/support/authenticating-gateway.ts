import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gateway {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Stands before a server that knows no passwords: checks them (Basic, RFC 7617), answers 401 where they are wrong, and
 * tells the server by `X-Remote-User` who asks.
 *
 * @param passwords user name → password; may grow.
 */
export async function startGateway(port: number, passwords: ReadonlyMap<string, string>): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    const { method, url = '/', headers } = incoming;
    const [user = '', password] = credentialsOf(headers.authorization);
    // Where discovery starts is nobody's (RFC 6764, section 5).
    if (!url.startsWith('/.well-known/') && (password === undefined || passwords.get(user) !== password)) {
      outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="tests"' }).end();
      incoming.resume();
      return;
    }
    const { authorization: _, ...others } = headers;
    const options = { host: '127.0.0.1', port, path: url, headers: { ...others, 'x-remote-user': user } };
    const onward = request({ ...options, ...(method !== undefined && { method }) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function credentialsOf(authorization = ''): readonly string[] {
  const text = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('utf8');
  return /^([^:]*):(.*)$/s.exec(text)?.slice(1) ?? [];
}
