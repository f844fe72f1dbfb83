import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import { startCyrus } from '../support/cyrus';

/**
 * A Cyrus in a pod: as the tests start it, on the loopback, and reachable from outside by https for Mailroom and by http
 * for whoever looks after. Arguments: folder of `tls.key` and `tls.crt`, the two ports. Prints the one account as JSON.
 */
async function main([tls = '/tls', securePort = '443', plainPort = '8080']: readonly string[]): Promise<void> {
  const cyrus = await startCyrus();
  const account = await cyrus.addUser('ann');
  const key = readFileSync(join(tls, 'tls.key'));
  const cert = readFileSync(join(tls, 'tls.crt'));
  const servers = [
    createSecureServer({ key, cert }, passTo(cyrus.origin, 'https')),
    createPlainServer(passTo(cyrus.origin, 'http')),
  ];
  for (const [index, port] of [securePort, plainPort].entries()) {
    await new Promise<void>((resolve) => servers[index]?.listen(Number(port), resolve));
  }
  process.once('SIGTERM', async () => {
    for (const server of servers) server.close().closeAllConnections();
    await cyrus.stop();
  });
  process.stdout.write(`${JSON.stringify(account)}\n`);
}

/** Cyrus redirects to the scheme that it sees, which is http. */
function passTo(origin: string, scheme: 'http' | 'https'): RequestListener {
  return (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request(new URL(url ?? '/', origin), { method, headers }, (answer) => {
      const { location } = answer.headers;
      const moved = location === undefined ? {} : { location: location.replace(/^http:/, `${scheme}:`) };
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...moved });
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
