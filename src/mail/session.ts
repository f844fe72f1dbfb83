import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import type { Answer } from '../http/messages';
import { isObject, type JsonObject, member, plain, readJson } from './json';

export const CORE = 'urn:ietf:params:jmap:core';
export const MAIL = 'urn:ietf:params:jmap:mail';
/** What Identity/get belongs to (RFC 8621, section 1.3.2). */
export const SUBMISSION = 'urn:ietf:params:jmap:submission';

/** What the server allows (RFC 8620, section 2). */
export interface Limits {
  readonly maxObjectsInGet: number;
  readonly maxObjectsInSet: number;
  readonly maxCallsInRequest: number;
  /** Bytes. */
  readonly maxSizeRequest: number;
  readonly maxConcurrentRequests: number;
}

export interface Session {
  readonly apiUrl: string;
  /** The account whose mail is meant. */
  readonly accountId: string;
  readonly writable: boolean;
  /** True where the account's identities may be asked for. */
  readonly submits: boolean;
  /** '' where the server does not say. */
  readonly username: string;
  readonly limits: Limits;
}

/** The least that RFC 8620 suggests to servers, for those that do not say. */
const MODEST: Limits = {
  maxObjectsInGet: 500,
  maxObjectsInSet: 500,
  maxCallsInRequest: 16,
  maxSizeRequest: 10_000_000,
  maxConcurrentRequests: 4,
};

const MAX_REDIRECTS = 3;

/**
 * Reads the JMAP session resource (RFC 8620, section 2).
 *
 * @throws MailroomError `credentials`, `settings`, `protocol` or `transient`
 */
export async function readSession(http: HttpClient, sessionUrl: string): Promise<Session> {
  const { response, url } = await getSession(http, new URL(sessionUrl), MAX_REDIRECTS);
  const what = `GET ${url.origin}${url.pathname}`;
  if (response.status === 403) {
    throw http.credentialsError(`the token may not be used here (${what} answers HTTP 403)`);
  }
  if (response.status === 404 || response.status === 410) {
    throw http.settingsError(`there is no JMAP session at ${url.origin}${url.pathname} (HTTP ${response.status})`);
  }
  const answer = await readJson(response, `JMAP: ${what}`);
  if (!response.ok) {
    throw new MailroomError({ code: 'protocol', message: `JMAP: ${what} failed: HTTP ${response.status}` });
  }
  return sessionFrom(answer, url, http);
}

async function getSession(
  http: HttpClient,
  url: URL,
  redirects: number,
): Promise<{ readonly response: Answer; readonly url: URL }> {
  const response = await http.fetch(url, { headers: { accept: 'application/json' } });
  const location = response.headers.get('location');
  if (response.status < 300 || response.status > 399 || location === null) return { response, url };
  if (!URL.canParse(location, url.href)) throw http.settingsError(`${url.origin}${url.pathname} redirects nowhere`);
  if (redirects === 0) throw http.settingsError(`${url.origin}${url.pathname} redirects again and again`);
  return getSession(http, new URL(location, url), redirects - 1);
}

function sessionFrom(answer: JsonObject, url: URL, http: HttpClient): Session {
  const { apiUrl, capabilities, accounts } = answer;
  const core = member(capabilities, CORE);
  if (typeof apiUrl !== 'string' || !URL.canParse(apiUrl, url.href) || !isObject(core)) {
    throw new MailroomError({
      code: 'protocol',
      message: `JMAP: the answer of ${url.origin}${url.pathname} is no JMAP session`,
      hint: 'Look at MAILROOM_JMAP_SESSION_URL.',
    });
  }
  const [accountId, ...others] = member(capabilities, MAIL) === undefined ? [] : mailAccounts(answer);
  if (accountId === undefined) throw http.credentialsError('the token gives no access to mail');
  if (others.length > 0) {
    const names = [accountId, ...others].map((id) => nameOf(id, member(accounts, id))).join(', ');
    throw http.credentialsError(
      `the token opens several accounts with mail, and the server says of none that it is the primary one: ${names}. Use a token that opens one of them alone`,
    );
  }
  return {
    // Cyrus sends a relative one.
    apiUrl: new URL(apiUrl, url).href,
    accountId,
    writable: member(member(accounts, accountId), 'isReadOnly') !== true,
    submits:
      isObject(member(capabilities, SUBMISSION)) &&
      isObject(member(member(member(accounts, accountId), 'accountCapabilities'), SUBMISSION)),
    username: typeof answer['username'] === 'string' ? answer['username'] : '',
    limits: limitsFrom(core),
  };
}

/** Ids of the accounts that may be meant: the primary one for mail; where the session names none, all that have mail. */
function mailAccounts({ accounts, primaryAccounts }: JsonObject): readonly string[] {
  const primary = member(primaryAccounts, MAIL);
  if (typeof primary === 'string') return [primary];
  if (!isObject(accounts)) return [];
  return Object.keys(accounts).filter((id) => isObject(member(member(accounts[id], 'accountCapabilities'), MAIL)));
}

/** An account for a message: id and name may be addresses, which are shown without their domain. */
function nameOf(id: string, account: unknown): string {
  const [shownId, name] = [id, member(account, 'name')].map((text) => plain(String(text ?? '').replace(/@\S*/g, '')));
  return name === '' || name === shownId ? `${shownId}` : `${shownId} (${name})`;
}

function limitsFrom(core: JsonObject): Limits {
  const limit = (name: keyof Limits): number => {
    const value = core[name];
    return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : MODEST[name];
  };
  return {
    maxObjectsInGet: limit('maxObjectsInGet'),
    maxObjectsInSet: limit('maxObjectsInSet'),
    maxCallsInRequest: limit('maxCallsInRequest'),
    maxSizeRequest: limit('maxSizeRequest'),
    maxConcurrentRequests: limit('maxConcurrentRequests'),
  };
}
