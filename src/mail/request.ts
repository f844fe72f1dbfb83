import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { isTooLong } from '../http/fetch';
import type { Answer } from '../http/messages';
import { EmailState } from './email-state';
import { isObject, type JsonObject, member, plain, readJson } from './json';
import { type Pace, paceFor } from './pace';
import { CORE, type Limits, MAIL, type Session, SUBMISSION } from './session';

/** A method call without its id (RFC 8620, section 3.2). Result references name its place in the request. */
export interface MethodCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** How one call of a request ended: with arguments, or with a method-level error (RFC 8620, section 3.6.2). */
export type MethodResult =
  | { readonly arguments: JsonObject; readonly error?: never }
  | { readonly error: MethodError; readonly arguments?: never };

interface MethodError {
  readonly type: string;
  readonly description: string;
  /** True where not the server found the request too large, but Mailroom its answer too long. */
  readonly longAnswer?: boolean;
}

export interface CallOptions {
  /** False where a lost answer must not lead to a second request. */
  readonly retry?: boolean;
}

/** The session's API, for the session's account (RFC 8620, section 3). */
export interface Api {
  readonly limits: Limits;
  readonly pace: Pace;
  readonly emailState: EmailState;
  /**
   * Sends the calls in one request; one result for each, in their order. A request that is refused for its size or for
   * the number of its calls ends as `requestTooLarge` of each of them ({@link isTooLarge}), and so does one whose answer
   * is longer than Mailroom can bear ({@link hasLongAnswer}).
   *
   * @throws MailroomError where the request as a whole fails
   */
  call(calls: readonly MethodCall[], options?: CallOptions): Promise<readonly MethodResult[]>;
  /**
   * The arguments that came back.
   *
   * @throws MailroomError what the method-level error means: `transient`, `credentials` or `protocol`
   */
  argumentsOf(result: MethodResult | undefined, name: string): JsonObject;
}

const TOO_LARGE = 'requestTooLarge';
/** Bytes: a page of messages has less than a tenth of it, and in memory an answer takes several times its length. */
const LONGEST_ANSWER = 4 * 1024 * 1024;
const PASSING = new Set(['serverUnavailable', 'serverFail', 'serverPartialFail', 'rateLimit']);
const DENIED = new Set(['forbidden', 'accountReadOnly']);
/** Request-level errors (RFC 8620, section 3.6.1). */
const LIMIT = 'urn:ietf:params:jmap:error:limit';

/** True for errors, of a method or of an item, that a retry may mend. */
export function isPassing(type: string): boolean {
  return PASSING.has(type);
}

export function isTooLarge(result: MethodResult): boolean {
  return result.error?.type === TOO_LARGE;
}

/** True where the answer was longer than Mailroom can bear: it is {@link isTooLarge} too. */
export function hasLongAnswer(result: MethodResult): boolean {
  return result.error?.longAnswer === true;
}

/** `#name` argument: the value comes from the answer of the call at that place (RFC 8620, section 3.7). */
export function resultOf(place: number, name: string, path: string): JsonObject {
  return { resultOf: String(place), name, path };
}

/** The body of a request, as it is sent. */
function requestBody(accountId: string, calls: readonly MethodCall[]): string {
  const methodCalls = calls.map((call, place) => [call.name, { accountId, ...call.arguments }, String(place)]);
  const others = calls.some(({ name }) => name.startsWith('Identity/')) ? [SUBMISSION] : [];
  return JSON.stringify({ using: [CORE, MAIL, ...others], methodCalls });
}

export function createApi(http: HttpClient, { apiUrl, accountId, limits }: Session): Api {
  const url = new URL(apiUrl);
  const what = `JMAP: POST ${url.origin}${url.pathname}`;

  return {
    limits,
    pace: paceFor(limits),
    emailState: new EmailState(),
    async call(calls, { retry = true } = {}) {
      const tooLarge = (description: string, longAnswer = false): readonly MethodResult[] =>
        calls.map(() => ({ error: { type: TOO_LARGE, description, longAnswer } }));
      try {
        const response = await http.fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: requestBody(accountId, calls),
          retry,
          maxBytes: LONGEST_ANSWER,
        });
        if (response.ok) return resultsFor(calls, await readJson(response, what), what);
        return tooLarge(await refusedRequest(http, response, { what, calls: calls.length }));
      } catch (error) {
        if (isTooLong(error)) return tooLarge('its answer is too long', true);
        throw error;
      }
    },
    argumentsOf(result, name) {
      if (result?.arguments !== undefined) return result.arguments;
      const { type = 'no answer', description = '' } = result?.error ?? {};
      const message = `${name} failed: ${[type, description].filter(Boolean).join(', ')}`;
      if (DENIED.has(type)) throw http.credentialsError(message);
      throw new MailroomError({ code: isPassing(type) ? 'transient' : 'protocol', message: `JMAP: ${message}` });
    },
  };
}

/** Throws what an answer outside 2xx means, or gives back the size limit that the request was refused for. */
async function refusedRequest(
  http: HttpClient,
  response: Answer,
  { what, calls }: { readonly what: string; readonly calls: number },
): Promise<string> {
  const { status } = response;
  if (status === 413) return 'HTTP 413';
  if (status === 403) throw http.credentialsError(`the token may not be used for this (HTTP 403)`);
  if (status >= 500) throw new MailroomError({ code: 'transient', message: `${what} failed: HTTP ${status}` });
  if (status < 400) {
    throw new MailroomError({ code: 'protocol', message: `${what} is redirected, which JMAP does not foresee` });
  }
  const problem = await readJson(response, what);
  const limit = plain(problem['limit']);
  if (problem['type'] === LIMIT && limit === 'maxConcurrentRequests') {
    throw new MailroomError({ code: 'transient', message: `${what} failed: too many requests at the same time` });
  }
  if (problem['type'] === LIMIT && (limit !== 'maxCallsInRequest' || calls > 1)) return limit;
  const reason = [problem['type'], problem['detail'] ?? problem['title'], limit].map(plain).filter(Boolean).join(', ');
  throw new MailroomError({ code: 'protocol', message: `${what} failed: HTTP ${status} (${reason})` });
}

function resultsFor(calls: readonly MethodCall[], answer: JsonObject, what: string): readonly MethodResult[] {
  const responses = Array.isArray(answer['methodResponses']) ? answer['methodResponses'].filter(Array.isArray) : [];
  return calls.map((call, place) => {
    const response = responses.find(([name, , id]) => id === String(place) && (name === call.name || name === 'error'));
    const answered: unknown = response?.[1];
    if (!isObject(answered)) {
      throw new MailroomError({ code: 'protocol', message: `${what}: the answer has nothing for ${call.name}` });
    }
    if (response?.[0] !== 'error') return { arguments: answered };
    return { error: { type: plain(answered['type']) || 'unnamed error', description: plain(answered['description']) } };
  });
}

/** The list member of that name. @throws MailroomError `protocol` without it */
export function listOf(answer: JsonObject, name: string, method: string): readonly unknown[] {
  const list = member(answer, name);
  if (Array.isArray(list)) return list;
  throw new MailroomError({ code: 'protocol', message: `JMAP: the answer of ${method} has no ${name}` });
}
