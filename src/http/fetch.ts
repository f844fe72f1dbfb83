import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import { type Answer, Headers, Response } from './messages';

/** Where a connection ended without a usable answer. Holds no header of the request or of the answer. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** As Node names it, `ECONNREFUSED` for one; '' where there is none. */
  readonly code: string;
  /** False where a second attempt would end the same. */
  readonly retryable: boolean;

  constructor(message: string, code = '', retryable = true) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}

export interface FetchOptions {
  /** PEM certificates to trust in place of the system's, for this client alone. */
  readonly ca?: string | undefined;
}

/** Takes the body of an answer as it comes, in pieces; what it throws ends the request and is thrown on. */
export type BodyReader = (piece: Buffer) => void;

export interface FetchInit {
  /** GET without one. */
  readonly method?: string;
  readonly headers?: Headers | Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | null;
  readonly signal?: AbortSignal;
  /** Bytes of the answer's body, after any decompression; a longer one is an error that {@link isTooLong}. */
  readonly maxBytes?: number;
  /** What gets the body of an answer with this status in place of the `Response`, which then has none; null leaves it there. */
  readonly reader?: ((status: number) => BodyReader | null) | undefined;
}

export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Answer>;

/** What a pod of 128 MiB can bear once. Pages are asked for so that answers stay far below. */
export const MAX_BYTES = 16 * 1024 * 1024;
const TOO_LONG = 'TOO_LONG';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

function isCertificateFault(code: string): boolean {
  return /CERT|SIGNATURE|ALTNAME|ISSUER|CRL/.test(code);
}

function connectionError(error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const name = typeof code === 'string' ? code : '';
  if (name.startsWith('Z_')) return new ConnectionError('the compressed answer is damaged or cut off', name);
  if (isCertificateFault(name)) return new ConnectionError(`its certificate is not trusted (${name})`, name, false);
  return new ConnectionError(REASONS[name] ?? (name || String(message)), name);
}

/** What is wrong with an answer that is longer than allowed; it never helps to ask again. */
export function tooLong(message: string): ConnectionError {
  return new ConnectionError(message, TOO_LONG, false);
}

/** True where an answer, or what it was an answer for, failed because it was longer than allowed. */
export function isTooLong(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.code === TOO_LONG;
  return error instanceof Error && isTooLong(error.cause);
}

/**
 * The body as it was before any Content-Encoding (RFC 9110, section 8.4), as it comes. Only gzip was asked for.
 * A body that ends too early throws: the connection knows its end, and so does gzip.
 */
async function decoded(answer: http.IncomingMessage): Promise<AsyncIterable<Buffer>> {
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return answer;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new ConnectionError('the answer is in an encoding that was not asked for', '', false);
  }
  const { createGunzip } = await import('node:zlib');
  return pipeline(answer, createGunzip(), () => {});
}

/** Hands the body on piece by piece: however much a server sends, no more than `maxBytes` of it are looked at. */
async function readBody(answer: http.IncomingMessage, maxBytes: number, reader: BodyReader): Promise<void> {
  let length = 0;
  for await (const piece of await decoded(answer)) {
    length += piece.length;
    if (length > maxBytes) throw tooLong(`the answer is longer than ${maxBytes} bytes`);
    reader(piece);
  }
}

function responseHeaders(answer: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) {
    headers.append(answer.rawHeaders[i] as string, answer.rawHeaders[i + 1] as string);
  }
  headers.delete('content-encoding');
  headers.delete('content-length');
  return headers;
}

/**
 * A `fetch` over `node:http` and `node:https`. It costs a short process a third of the CPU of the built-in one,
 * and takes trusted certificates per client.
 *
 * It resolves when the whole body is read, so that a caller's time-outs and retries cover the body as well.
 * Redirects are never followed. Connections are kept for the next request; idle ones do not keep the process alive.
 *
 * @throws ConnectionError without a whole answer, the signal's reason after an abort, and what `reader` throws
 */
export function createFetch({ ca }: FetchOptions = {}): Fetch {
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) });

  return async function fetch(
    input,
    { method = 'GET', headers, body = null, signal, maxBytes = MAX_BYTES, reader } = {},
  ) {
    signal?.throwIfAborted();
    const url = new URL(input);
    const sent: Record<string, string> = { 'accept-encoding': 'gzip', ...Object.fromEntries(new Headers(headers)) };
    if (body !== null) sent['content-length'] = String(Buffer.byteLength(body));
    const options = { method, headers: sent, signal };
    const pieces: Buffer[] = [];
    let failure: { readonly cause: unknown } | undefined;
    try {
      const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
        const request =
          url.protocol === 'https:'
            ? https.request(url, { ...options, agent: secure })
            : http.request(url, { ...options, agent: plain });
        request
          .on('response', resolve)
          .on('error', reject)
          .end(body ?? undefined);
      });
      const status = answer.statusCode as number;
      const take = reader?.(status) ?? ((piece: Buffer) => void pieces.push(piece));
      await readBody(answer, maxBytes, (piece) => {
        try {
          take(piece);
        } catch (cause) {
          failure = { cause };
          throw cause;
        }
      });
      if (status < 200 || status > 599) throw new ConnectionError(`it answered with the impossible status ${status}`);
      return new Response(Buffer.concat(pieces), { status, headers: responseHeaders(answer) });
    } catch (error) {
      signal?.throwIfAborted();
      throw failure === undefined ? connectionError(error) : failure.cause;
    }
  };
}
