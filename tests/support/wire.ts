import type { Account, BookAccount } from './account';

/** A call or its answer: name, arguments, id (RFC 8620, section 3.2). */
export type JmapCall = readonly [name: string, args: Readonly<Record<string, unknown>>, id?: string];

/** Arguments of an answer, as far as tests look into them. */
export interface AnswerArguments {
  readonly ids?: readonly string[];
  readonly list?: readonly Readonly<Record<string, unknown>>[];
  readonly notFound?: readonly string[];
  /** Of an error. */
  readonly type?: string;
}

export interface JmapReply {
  readonly status: number;
  readonly body: unknown;
  readonly answers: readonly (readonly [name: string, args: AnswerArguments])[];
}

/** Sends the calls as one request; ids count up from 0, and the account is filled in. */
export async function jmap(account: Account, ...calls: readonly JmapCall[]): Promise<JmapReply> {
  const methodCalls = calls.map(([name, args, id], place) => [
    name,
    { accountId: account.username, ...args },
    id ?? String(place),
  ]);
  return jmapText(
    account,
    JSON.stringify({ using: ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'], methodCalls }),
  );
}

/** Sends any text to the API. */
export async function jmapText(account: Account, text: string): Promise<JmapReply> {
  const response = await fetch(account.sessionUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.token}`, 'content-type': 'application/json' },
    body: text,
  });
  const body = (await response.json()) as { readonly methodResponses?: JmapReply['answers'] };
  return { status: response.status, body, answers: body.methodResponses ?? [] };
}

export interface DavReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface DavInit {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a WebDAV request with the account's password. `path` may be relative to the address book. */
export async function dav(account: BookAccount, method: string, path: string, init: DavInit = {}): Promise<DavReply> {
  const basic = Buffer.from(`${account.username}:${account.password}`).toString('base64');
  const response = await fetch(new URL(path, account.bookUrl), {
    ...init,
    method,
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/xml', ...init.headers },
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Sends a PUT of a card. */
export async function putCard(
  account: BookAccount,
  path: string,
  body: string,
  headers: DavInit['headers'] = {},
): Promise<DavReply> {
  return dav(account, 'PUT', path, { body, headers: { 'content-type': 'text/vcard; charset=utf-8', ...headers } });
}

/** A card with mandatory properties (RFC 2426) and further lines. */
export function cardText(uid: string, ...lines: readonly string[]): string {
  return versionedCard('3.0', uid, 'N:;;;;', ...lines);
}

export function versionedCard(version: string, uid: string, ...lines: readonly string[]): string {
  return ['BEGIN:VCARD', `VERSION:${version}`, `UID:${uid}`, `FN:Card ${uid}`, ...lines, 'END:VCARD', ''].join('\r\n');
}
