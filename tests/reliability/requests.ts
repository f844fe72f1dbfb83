import { createHash } from 'node:crypto';
import type { Account } from '../support/account';
import type { Answer, Gate, Serve, ServedRequest } from '../support/embedded/gate';

/** A request of a run, known again in another run on a copy of the account. */
export interface SeenRequest {
  /** What it asks for and how often that was asked before; the same in each run that does the same. */
  readonly key: string;
  readonly isJmap: boolean;
  readonly method: string;
  /** `session`, the JMAP methods, or the WebDAV method with the kind of REPORT. */
  readonly kind: string;
  readonly body: string;
}

/** A gate that tells `meet` of each request, which serves it or does something else. */
export function watching(account: Account, meet: (request: SeenRequest, serve: Serve) => Promise<Answer>): Gate {
  const times = new Map<string, number>();
  return async (request, serve) => {
    const body = (await request.body()).toString('utf8');
    const what = describe(request, body, account.username);
    const time = (times.get(what) ?? 0) + 1;
    times.set(what, time);
    const isJmap = request.path.startsWith('/jmap');
    return meet({ key: `${what} ${time}`, isJmap, method: request.method, kind: kindOf(request, body), body }, serve);
  };
}

/** Users differ in nothing but their names. */
function describe({ method, path, headers }: ServedRequest, body: string, username: string): string {
  const anonymous = withoutRandomUids(`${path} ${headers['accept'] ?? ''} ${body}`.replaceAll(username, 'user'));
  return `${method} ${hashOf(anonymous)}`;
}

/** Of what one run after the other asks, which is mostly the same. */
const hashes = new Map<string, string>();

function hashOf(text: string): string {
  const hash = hashes.get(text) ?? createHash('sha1').update(text).digest('hex').slice(0, 12);
  hashes.set(text, hash);
  return hash;
}

/** UIDs of version 4 (RFC 9562) are those of new groups. */
export function withoutRandomUids(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'random');
}

function kindOf({ method, path }: ServedRequest, body: string): string {
  if (path.startsWith('/jmap')) return method === 'GET' ? 'session' : methodsIn(body).join(' ');
  if (method !== 'REPORT') return method;
  return `REPORT ${/<c:(addressbook-\w+)/.exec(body)?.[1]}`;
}

export function methodsIn(body: string): readonly string[] {
  const { methodCalls } = JSON.parse(body) as { readonly methodCalls: readonly (readonly [string])[] };
  return [...new Set(methodCalls.map(([name]) => name))];
}
