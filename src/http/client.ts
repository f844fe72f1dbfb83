import { setMaxListeners } from 'node:events';
import { hrtime } from 'node:process';
import ky, { isHTTPError, isTimeoutError } from 'ky';
import { MailroomError } from '../errors';
import { isConfidential, isHeaderValue, printable } from './confidential';
import { ConnectionError, createFetch, type FetchInit, isTooLong, MAX_BYTES } from './fetch';
import { type Answer, Headers, type Request } from './messages';
import { PASSING, PAUSES, type Pauses, retryAfter, retryOptions } from './retry';
import { isSameServer } from './same-server';
import { SERVICES, type ServiceName } from './services';
import { Slots } from './slots';
import { isUnknownAuthority, PRIVATE_AUTHORITY_HINT } from './trust';

/** One attempt at a request, for logs and counts. */
export interface Attempt {
  readonly method: string;
  /** Without its query. */
  readonly url: string;
  /** Undefined where no whole answer came. */
  readonly status: number | undefined;
  readonly durationMs: number;
}

export interface HttpClientOptions {
  readonly name: ServiceName;
  /** A URL of the server. Requests, and the credentials with them, go to this server alone ({@link isSameServer}). */
  readonly origin: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
  /** The settings that the credentials come from, for hints. */
  readonly credentialSettings: string;
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | undefined;
  /** The most requests at the same time. */
  readonly concurrency: number;
  /** Ends all requests and waits. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt, its body included. */
  readonly attemptTimeout?: number | undefined;
  readonly pauses?: Pauses | undefined;
  readonly onRequest?: ((attempt: Attempt) => void) | undefined;
}

export interface RequestOptions extends Pick<FetchInit, 'method' | 'body' | 'maxBytes' | 'reader'> {
  readonly headers?: Readonly<Record<string, string>>;
  /** False where a lost answer must not lead to a second request. */
  readonly retry?: boolean;
}

/** Requests to one server, with its credentials. */
export interface HttpClient {
  /**
   * Sends a request, repeats it where that may help, and resolves when the whole body is there. Redirects and all
   * statuses that a repetition cannot mend are the caller's to look at; 401 is not.
   *
   * @throws MailroomError `transient`, `credentials` (401), `settings` (another server, or plain http) or `protocol`,
   *   of which an answer that is longer than allowed {@link isTooLong}
   */
  readonly fetch: (url: string | URL, init?: RequestOptions) => Promise<Answer>;
  /** True where requests may go: to the server that the client is for. */
  readonly isSameServer: (url: URL) => boolean;
  /** Allows no more than so many requests at the same time from now on. */
  readonly limitConcurrency: (atMost: number) => void;
  /** The error for credentials that the server does not accept, with the way to new ones. */
  readonly credentialsError: (message: string) => MailroomError;
  /** The error for a server that is not what the configured URL promises. */
  readonly settingsError: (message: string) => MailroomError;
}

const ATTEMPT_TIMEOUT = 20_000;

/** @throws MailroomError `settings` for a URL over which credentials would go in the clear */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { name, signal, pauses = PAUSES, attemptTimeout = ATTEMPT_TIMEOUT } = options;
  const { urlSetting, credentialHint } = SERVICES[name];
  const home = new URL(options.origin);
  const slots = new Slots(options.concurrency);
  const send = createFetch({ ca: options.ca });
  // Any number of requests may wait for their turn: Node.js takes more than ten listeners for a leak, and says so on stderr.
  if (signal !== undefined) setMaxListeners(0, signal);

  const settingsError = (message: string): MailroomError =>
    new MailroomError({ code: 'settings', message: `${name}: ${message}`, hint: `Look at ${urlSetting}.` });
  const credentialsError = (message: string): MailroomError =>
    new MailroomError({
      code: 'credentials',
      message: `${name}: ${message}`,
      hint: `Look at ${options.credentialSettings}. ${credentialHint}`,
    });

  if (!isConfidential(home)) {
    throw settingsError(`credentials never go over plain http (${printable(home)}); write https`);
  }
  if (!isHeaderValue(options.authorization)) {
    throw credentialsError('the credentials hold a character that no HTTP header takes, such as a line break');
  }

  /** One attempt, which `options.onRequest` hears about. */
  async function attempt({ url, method, signal: ended }: Request, init: FetchInit): Promise<Answer> {
    // `performance` would load ten modules of Node's for this.
    const started = hrtime.bigint();
    let status: number | undefined;
    try {
      const response = await send(url, { ...init, method, signal: ended });
      status = response.status;
      return response;
    } finally {
      const durationMs = Number((hrtime.bigint() - started) / 1_000_000n);
      options.onRequest?.({ method, url: printable(new URL(url)), status, durationMs });
    }
  }

  /** ky's errors hold the request with its headers: none of them is kept as a cause. */
  function translate(error: unknown, request: string, attempts: number): MailroomError {
    if (error instanceof MailroomError) return error;
    const failed = `${name}: ${request} failed${attempts > 1 ? ` after ${attempts} attempts` : ''}`;
    const hint = `The next attempt may succeed. If it never does, look at ${urlSetting} and at the network.`;
    if (signal?.aborted) {
      return new MailroomError({
        code: 'transient',
        message: `${name}: ${request} was stopped before its answer came`,
      });
    }
    if (isHTTPError(error)) {
      const { status, headers } = error.response;
      if (status === 401) return credentialsError(`the credentials are rejected: ${request} answers HTTP 401`);
      const wait = retryAfter(headers, Date.now()) ?? 0;
      const later = wait > pauses.longestRetryAfter ? `, and it asks to wait for ${Math.round(wait / 1000)} s` : '';
      return new MailroomError({ code: 'transient', message: `${failed}: HTTP ${status}${later}` });
    }
    if (isTimeoutError(error)) {
      return new MailroomError({
        code: 'transient',
        message: `${failed}: no answer within ${attemptTimeout / 1000} s`,
        hint,
      });
    }
    if (error instanceof ConnectionError && isTooLong(error)) {
      return new MailroomError({
        code: 'protocol',
        message: `${name}: ${request} failed: ${error.message}`,
        cause: error,
      });
    }
    if (error instanceof ConnectionError) {
      // A client with certificates of its own does not look at those of Node.js.
      const isPrivate = options.ca === undefined && isUnknownAuthority(error.code);
      return new MailroomError({
        code: 'transient',
        message: `${failed}: ${error.message}`,
        hint: isPrivate ? PRIVATE_AUTHORITY_HINT : hint,
        cause: error,
      });
    }
    return new MailroomError({ code: 'protocol', message: `${failed}: it could not be sent`, cause: error });
  }

  async function fetch(input: string | URL, init: RequestOptions = {}): Promise<Answer> {
    const { retry = true, reader, body = null, maxBytes = MAX_BYTES } = init;
    const url = new URL(input, home);
    const method = (init.method ?? 'GET').toUpperCase();
    if (url.username !== '' || url.password !== '') {
      throw settingsError(`user name and password do not belong into the URL (${printable(url)})`);
    }
    const sent = `${method} ${printable(url)}`;
    if (!isSameServer(url, home)) {
      throw settingsError(`credentials for ${home.origin} never go to ${url.origin}, where the server points`);
    }

    const headers = new Headers(init.headers);
    headers.set('authorization', options.authorization);
    let attempts = 0;
    const onAttempt = (request: Request): Promise<Answer> => {
      attempts += 1;
      return attempt(request, { headers, body, maxBytes, reader });
    };
    try {
      return await slots.run(signal, () =>
        ky(url, {
          method,
          // ky copies bodies several times: it needs none to decide about a repetition.
          // In place of Node's messages it finds ours (src/bundle/ky.cjs), of which its types know nothing.
          fetch: onAttempt as unknown as typeof globalThis.fetch,
          timeout: attemptTimeout,
          retry: retryOptions(method, retry, pauses),
          throwHttpErrors: (status) => status === 401 || PASSING.includes(status),
          ...(signal === undefined ? {} : { signal }),
        }),
      );
    } catch (error) {
      throw translate(error, sent, attempts);
    }
  }

  return {
    fetch,
    isSameServer: (url) => isSameServer(url, home),
    limitConcurrency: (atMost) => slots.lower(atMost),
    credentialsError,
    settingsError,
  };
}
