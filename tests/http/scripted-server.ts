import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the server got. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer. `cut`: the connection ends in the middle of the body. `hang`: no answer at all. */
export type Answer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
      readonly cut?: boolean;
    }
  | 'hang';

export interface ScriptedServer {
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  readonly server: Server;
  /** What comes next: one answer a request, or a function that knows them all. */
  script(answers: readonly Answer[] | ((request: SeenRequest) => Answer | Promise<Answer>)): void;
  stop(): Promise<void>;
}

/** Serves what a test tells it to, and keeps what it was asked. A request beyond the script is answered by 418. */
export async function startScriptedServer(server: Server = createServer()): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  let next: (request: SeenRequest) => Answer | Promise<Answer> = () => ({ status: 418 });

  server.on('request', async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body };
    requests.push(request);
    const answer = await next(request);
    if (answer === 'hang') return;
    const content = Buffer.from(answer.body ?? '');
    const chunked = answer.headers?.['transfer-encoding'] !== undefined;
    outgoing.writeHead(answer.status, { ...(chunked ? {} : { 'content-length': content.length }), ...answer.headers });
    if (answer.cut) outgoing.write(content.subarray(0, content.length / 2), () => outgoing.destroy());
    else outgoing.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const scheme = 'setSecureContext' in server ? 'https' : 'http';
  return {
    origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    server,
    script(answers) {
      if (typeof answers === 'function') {
        next = answers;
        return;
      }
      const queue = [...answers];
      next = () => queue.shift() ?? { status: 418 };
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
