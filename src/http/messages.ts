import { isHeaderValue } from './confidential';

/**
 * The messages of the Fetch standard, as far as ky, tsdav and Mailroom look at them: bodies are whole, headers are plain,
 * nothing streams. Node's own come with all of undici, which costs a cycle that has nothing to do more than its requests.
 */

/** What an answer is asked. Node's `Response` is one, too. */
export interface Answer {
  readonly status: number;
  /** True for 2xx. */
  readonly ok: boolean;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly text: () => Promise<string>;
  readonly json: () => Promise<unknown>;
  readonly arrayBuffer: () => Promise<ArrayBuffer>;
}

type HeadersSource = Headers | Readonly<Record<string, string>> | Iterable<readonly [string, string]>;

/** Headers by name, whatever its case. */
export class Headers {
  readonly #values = new Map<string, string>();

  constructor(source: HeadersSource = {}) {
    for (const [name, value] of entriesOf(source)) this.append(name, value);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  /** @throws TypeError for a value that no header takes; it is not repeated, since it may be a secret */
  set(name: string, value: string): void {
    const trimmed = value.replace(/^[\t\r\n ]+|[\t\r\n ]+$/g, '');
    if (!isHeaderValue(trimmed)) throw new TypeError(`The header ${name} holds a character that no header takes`);
    this.#values.set(name.toLowerCase(), trimmed);
  }

  /** Several values of one name are one, with commas (RFC 9110, section 5.2). @throws TypeError as `set` does */
  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: HeadersSource;
  readonly signal?: AbortSignal;
}

/** What ky decides about: where a request goes, and when it ends. It has no body. */
export class Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
  readonly body = null;

  constructor(input: string | URL | Request, options: RequestOptions = {}) {
    const base = input instanceof Request ? input : undefined;
    this.url = base?.url ?? new URL(input as string | URL).href;
    this.method = options.method ?? base?.method ?? 'GET';
    this.headers = new Headers(options.headers ?? base?.headers);
    this.signal = options.signal ?? base?.signal ?? new AbortController().signal;
  }

  clone(): Request {
    return new Request(this);
  }
}

/** An answer that is whole. */
export class Response implements Answer {
  readonly status: number;
  readonly statusText = '';
  readonly headers: Headers;
  readonly #body: Buffer;

  constructor(
    body: Buffer | string,
    { status, headers }: { readonly status: number; readonly headers: HeadersSource },
  ) {
    this.status = status;
    this.headers = new Headers(headers);
    this.#body = typeof body === 'string' ? Buffer.from(body) : body;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** As UTF-8, without a byte order mark. */
  async text(): Promise<string> {
    return this.#body.toString('utf8').replace(/^\uFEFF/, '');
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#body).buffer;
  }
}

function entriesOf(source: HeadersSource): Iterable<readonly [string, string]> {
  return Symbol.iterator in source ? source : Object.entries(source);
}

/** What ky finds as `globalThis` in the bundle and in tests (`src/bundle/ky.cjs`): no streams, no forms, nothing of undici. */
export const FETCH_STANDARD = { Headers, Request, Response, AbortController, AbortSignal };
