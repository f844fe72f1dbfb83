import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions as HttpsOptions, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

export interface ApiServer {
  /** As in `https://127.0.0.1:6443`. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** Bearer token of a cluster administrator. */
  readonly token: string;
}

export interface ApiRequest {
  readonly body?: object;
  /** Default: a merge patch (RFC 7396) for PATCH, JSON for everything else. */
  readonly contentType?: string;
  /** Whom to be, instead of the administrator. */
  readonly token?: string;
}

/** An object to make, of any kind. */
export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object };
  readonly spec?: object;
}

export interface KubernetesApi {
  /**
   * One request, whose answer is taken to be a `T`: from JSON, or the text where the answer is no JSON.
   *
   * @param path with query, as in `/api/v1/namespaces/default/pods?limit=5`.
   * @throws {ApiError} for every status but 2xx.
   */
  request<T = unknown>(method: string, path: string, options?: ApiRequest): Promise<T>;
  /** Makes an object. @throws {ApiError} where there is one of that name, and what else {@link request} throws */
  create(object: NewObject): Promise<void>;
  /**
   * Calls `onObject` for every object of a list that exists, and for every one that is added, changed or deleted
   * later, until the returned function is called. An object may come several times.
   */
  watch<T>(path: string, onObject: (object: T, change: Change) => void): () => void;
  /** Closes all connections. */
  close(): void;
}

export type Change = 'ADDED' | 'MODIFIED' | 'DELETED';

/** An answer of the API server that is no success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, method: string, path: string, answer: string) {
    super(`${method} ${path}: ${status} ${answer}`);
    this.status = status;
  }
}

/** Turns the rejection of a request for something that does not exist into undefined. */
export const unlessFound = unless(404);

/** Turns the rejection of a request to make something that exists already into undefined. */
export const unlessThere = unless(409);

function unless(status: number): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ApiError && error.status === status) return undefined;
    throw error;
  };
}

interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

interface WatchEvent<T> {
  readonly type: Change | 'ERROR';
  readonly object: T;
}

/** A client of the Kubernetes API for tests: the product's own client is what they test. */
export function kubernetesApi({ server, ca, token }: ApiServer): KubernetesApi {
  const agent = new Agent({ ca, keepAlive: true });
  const send = (path: string, options: HttpsOptions, body?: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) =>
      request(`${server}${path}`, { ...options, agent }, resolve)
        .once('error', reject)
        .end(body),
    );

  const api: KubernetesApi = {
    async request<T>(method: string, path: string, options: ApiRequest = {}) {
      const type = options.contentType ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
      const body = options.body === undefined ? '' : JSON.stringify(options.body);
      const headers = {
        authorization: `Bearer ${options.token ?? token}`,
        'content-type': type,
        // Node sends none of its own accord with a DELETE.
        'content-length': Buffer.byteLength(body),
      };
      const response = await send(path, { method, headers }, body);
      const answer = await text(response);
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299) throw new ApiError(status, method, path, answer.trim());
      const isJson = response.headers['content-type']?.startsWith('application/json');
      return (isJson ? JSON.parse(answer) : answer) as T;
    },
    async create(object) {
      await api.request('POST', listOf(object), { body: object });
    },
    watch<T>(path: string, onObject: (object: T, change: Change) => void) {
      const stopped = new AbortController();
      const follow = async (): Promise<void> => {
        const { items, metadata } = await api.request<ObjectList<T>>('GET', path);
        for (const item of items) onObject(item, 'ADDED');
        const response = await send(`${path}?watch=true&resourceVersion=${metadata.resourceVersion}`, {
          headers: { authorization: `Bearer ${token}` },
          signal: stopped.signal,
        });
        for await (const line of linesOf(response)) {
          const { type, object } = JSON.parse(line) as WatchEvent<T>;
          if (type === 'ERROR') return;
          onObject(object, type);
        }
      };
      void (async () => {
        // The server ends a watch now and then; whatever is missed meanwhile is in the next list.
        while (!stopped.signal.aborted) await follow().catch(() => delay(100));
      })();
      return () => stopped.abort();
    },
    close: () => agent.destroy(),
  };
  return api;
}

/** Where objects of this kind are listed, and made. */
function listOf({ apiVersion, kind, metadata: { namespace } }: NewObject): string {
  const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
  return `${group}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
