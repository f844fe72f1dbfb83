import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A request as it went through. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /**
   * What it asks for: `session`, the JMAP methods (`Email/query Email/get`), `upload`, or the WebDAV method with the
   * kind of REPORT (`REPORT addressbook-query`).
   */
  readonly kind: string;
  /** True where it may change something. */
  readonly writes: boolean;
  readonly body: string;
  /** WebDAV's header. */
  readonly depth: string | undefined;
  /** Undefined until it has been answered, and where it never was. */
  status: number | undefined;
  /** Bytes of the body that came back. */
  received: number;
  /** Milliseconds of one clock: when it came, and when its answer was there. */
  readonly came: number;
  answered: number | undefined;
}

/** What goes wrong with a request. */
export type Fault =
  /** The proxy answers itself: the server does no work. */
  | { readonly answer: { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string } }
  /**
   * The connection breaks: before the server got the request, after it did the work, or in the middle of its answer.
   * Something may happen first, when the server has done what it does.
   */
  | { readonly drop: 'before' | 'after' | 'mid-body'; readonly first?: () => Promise<unknown> }
  /** Something happens first, however long it takes; then the request goes on as usual. */
  | { readonly hold: () => Promise<unknown> };

export interface ProxyOptions {
  /** Speaks TLS to whoever comes, with this certificate and its key (PEM). */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Milliseconds by which every answer is late, as over a long way. */
  readonly roundTrip?: number;
}

export interface ReverseProxy {
  readonly origin: string;
  /** Connections that were made, TLS handshakes included, since the start or the last {@link ReverseProxy.forget}. */
  readonly connections: number;
  /** Everything since the start or the last {@link ReverseProxy.forget}. */
  readonly requests: readonly SeenRequest[];
  /** The most requests that were under way at one moment. */
  readonly mostAtOnce: number;
  /** Applies the fault to the next `times` requests that fit; the first fault that fits counts. */
  fault(fits: (request: SeenRequest) => boolean, fault: Fault, times?: number): void;
  /** How many requests of each kind there were, in the order in which they first came. */
  counts(): Readonly<Record<string, number>>;
  /** Forgets the requests and the faults. */
  forget(): void;
  stop(): Promise<void>;
}

interface Rule {
  readonly fits: (request: SeenRequest) => boolean;
  readonly fault: Fault;
  times: number;
}

/** Never passed on: they belong to one connection. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'alt-svc', 'content-length'];

/** Methods of JMAP that read only, by their ending. */
const READS = /\/(get|query|changes|queryChanges|echo)$/;

/** Starts a reverse proxy in front of a mail server: it counts the requests, and makes chosen ones fail. */
export async function startProxy(target: string, { tls, roundTrip = 0 }: ProxyOptions = {}): Promise<ReverseProxy> {
  const agent = new Agent({ keepAlive: true });
  let requests: SeenRequest[] = [];
  let rules: Rule[] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  let connections = 0;

  function nextFault(seen: SeenRequest): Fault | undefined {
    const rule = rules.find(({ fits, times }) => times > 0 && fits(seen));
    if (rule === undefined) return undefined;
    rule.times--;
    return rule.fault;
  }

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const content = await bodyOf(incoming);
    const seen = describeRequest(incoming, content.toString('utf8'));
    requests.push(seen);
    const fault = nextFault(seen);
    if (fault !== undefined && 'hold' in fault) await fault.hold();
    if (fault !== undefined && 'drop' in fault && fault.drop === 'before') {
      await fault.first?.();
      return void incoming.socket.destroy();
    }
    if (fault !== undefined && 'answer' in fault) {
      const { status, headers = {}, body = '' } = fault.answer;
      seen.status = status;
      outgoing.writeHead(status, headers).end(body);
      return;
    }
    if (roundTrip > 0) await pause(roundTrip);
    const answer = await forward(target, agent, incoming, content);
    if (fault !== undefined && 'drop' in fault) await fault.first?.();
    if (fault !== undefined && 'drop' in fault && fault.drop === 'after') return void incoming.socket.destroy();
    seen.status = answer.status;
    seen.received = answer.body.length;
    seen.answered = performance.now();
    const { location } = answer.headers;
    outgoing.writeHead(answer.status, {
      ...answer.headers,
      // The server behind knows nothing of the TLS in front of it.
      ...(tls === undefined || location === undefined ? {} : { location: location.replace(/^http:/, 'https:') }),
      'content-length': answer.body.length,
    });
    if (fault === undefined || !('drop' in fault)) return void outgoing.end(answer.body);
    outgoing.write(answer.body.subarray(0, answer.body.length / 2), () => incoming.socket.destroy());
  }

  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    underWay++;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    outgoing.once('close', () => {
      underWay--;
    });
    // The server behind is gone, or the client is: either way there is nobody to answer.
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  };
  const server = tls === undefined ? createServer(onRequest) : createSecureServer(tls, onRequest);
  server.on(tls === undefined ? 'connection' : 'secureConnection', () => {
    connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    get connections() {
      return connections;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    fault: (fits, fault, times = Number.POSITIVE_INFINITY) => void rules.push({ fits, fault, times }),
    counts() {
      const counts: Record<string, number> = {};
      for (const { kind } of requests) counts[kind] = (counts[kind] ?? 0) + 1;
      return counts;
    },
    forget() {
      requests = [];
      rules = [];
      mostAtOnce = underWay;
      connections = 0;
    },
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function describeRequest({ method = '', url: path = '', headers }: IncomingMessage, body: string): SeenRequest {
  const [kind, writes] = path.includes('/jmap') ? describeJmap(method, path, body) : describeDav(method, body);
  return {
    method,
    path,
    kind,
    writes,
    body,
    depth: typeof headers['depth'] === 'string' ? headers['depth'] : undefined,
    status: undefined,
    received: 0,
    came: performance.now(),
    answered: undefined,
  };
}

function describeJmap(method: string, path: string, body: string): readonly [kind: string, writes: boolean] {
  if (path.includes('/upload/')) return ['upload', true];
  if (method === 'GET') return ['session', false];
  const { methodCalls } = JSON.parse(body) as { readonly methodCalls: readonly (readonly [string])[] };
  const names = [...new Set(methodCalls.map(([name]) => name))];
  return [names.join(' '), !names.every((name) => READS.test(name))];
}

function describeDav(method: string, body: string): readonly [kind: string, writes: boolean] {
  if (method !== 'REPORT') return [method, !['GET', 'HEAD', 'OPTIONS', 'PROPFIND'].includes(method)];
  const [, report] = /<(?:[\w-]+:)?((?:addressbook|sync)-\w+)/.exec(body) ?? [];
  return [`REPORT ${report}`, false];
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

async function forward(target: string, agent: Agent, incoming: IncomingMessage, content: Buffer): Promise<Answer> {
  const { method, url, headers } = incoming;
  // The host stays the proxy's own, so that redirects come back through it.
  const options = {
    agent,
    method: method as string,
    headers: { ...endToEnd(headers), 'content-length': content.length },
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(url as string, target), options, resolve)
      .once('error', reject)
      .end(content);
  });
  return { status: response.statusCode as number, headers: endToEnd(response.headers), body: await bodyOf(response) };
}

function endToEnd(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}
