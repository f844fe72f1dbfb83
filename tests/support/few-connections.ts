import { Agent, type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { keptByWorker } from './kept-by-worker';

/** Two at a time: each further connection costs Cyrus a process of its own, and so would those of earlier suites. */
const agent = keptByWorker('connections', () => new Agent({ keepAlive: true, maxSockets: 2 }));

/** Carries a request of a driver's. */
export type Send = (url: string | URL, request: SentRequest) => Promise<SentAnswer>;

export interface SentRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What of a `Response` drivers look at: one of Node's own takes as long as the request. */
export interface SentAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly text: () => Promise<string>;
}

/** As `fetch`, for what the drivers send, with half of its work. */
export const sendByFewConnections: Send = async (url, { method, headers, body }) => {
  const sent = Buffer.from(body ?? '');
  const length = body === undefined ? {} : { 'content-length': String(sent.length) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(url), { agent, method, headers: { ...headers, ...length } }, resolve)
      .once('error', reject)
      .end(sent);
  });
  const content = await buffer(answer);
  const status = answer.statusCode as number;
  return { status, ok: status >= 200 && status < 300, text: async () => content.toString('utf8') };
};
