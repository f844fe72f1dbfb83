import type { Answer, Serve } from '../support/embedded/gate';
import type { SeenRequest } from './requests';

/** What goes wrong with a request, and whether it goes on doing so with each repetition. */
export interface Fault {
  readonly name: string;
  /** False where the fault cannot come with such a request. */
  readonly concerns: (request: SeenRequest) => boolean;
  readonly meet: (serve: Serve, run: BrokenRun, request: SeenRequest) => Promise<Answer>;
  readonly lasts: boolean;
  /** True where an answer is waited for in vain. */
  readonly hangs?: boolean;
}

export interface BrokenRun {
  /** Ends the process: nothing of it gets through any more. */
  readonly kill: () => void;
  /** Comes when the run has ended. */
  readonly ended: Promise<unknown>;
}

const BROKEN: Answer = { status: 0, cut: 'all' };

const HTML = { 'content-type': 'text/html; charset=utf-8' };

const anyRequest = (): boolean => true;

export const KILLS: readonly Fault[] = [
  {
    name: 'killed before the request',
    concerns: anyRequest,
    lasts: true,
    meet: async (_, run) => {
      run.kill();
      return BROKEN;
    },
  },
  {
    name: 'killed after the request',
    concerns: anyRequest,
    lasts: true,
    meet: async (serve, run) => {
      await serve();
      run.kill();
      return BROKEN;
    },
  },
];

const CONNECTION: readonly Fault[] = twice({
  'connection reset': async () => BROKEN,
  'answer lost': async (serve) => {
    await serve();
    return BROKEN;
  },
  'body cut': async (serve) => ({ ...(await serve()), cut: 'half' }),
  'a body that ends in the middle': async (serve) => {
    const answer = await serve();
    return { ...answer, body: answer.body?.slice(0, answer.body.length / 2) };
  },
});

const HANGS: readonly Fault[] = twice({
  'no answer until the time-out': async (_, run) => {
    await run.ended;
    return BROKEN;
  },
  'no answer until the time-out, and the work done': async (serve, run) => {
    await serve();
    await run.ended;
    return BROKEN;
  },
}).map((fault) => ({ ...fault, hangs: true }));

const GARBAGE: readonly Fault[] = Object.entries({
  'a login page': '<!DOCTYPE html><html><body><form>Log in</form></body></html>',
  nothing: '',
  'an empty object': '{}',
  'another XML document': '<?xml version="1.0"?><rss version="2.0"/>',
  'bytes without sense': '\u0000\ufffd\u0007}{<>"',
}).flatMap(([what, body]) => [
  ...twice({ [`answered with ${what}`]: async (serve) => ({ ...(await serve()), body }) }),
  // A server that answers a write with 2xx, and not with a web page, says that it is done.
  ...twice({ [`answered with ${what}, and nothing done`]: async () => ({ status: 200, headers: HTML, body }) }).map(
    (fault) => ({ ...fault, concerns: ({ isJmap }: SeenRequest) => isJmap || body.startsWith('<!DOCTYPE html') }),
  ),
]);

/** A server that says that a card is not there is believed: it is no fault to be mended, but a lie. */
const tellsOfCard = ({ isJmap, method }: SeenRequest): boolean => !isJmap && ['GET', 'PUT', 'DELETE'].includes(method);

const STATUSES: readonly Fault[] = [
  400, 401, 402, 403, 404, 405, 409, 410, 412, 413, 415, 423, 425, 429, 500, 502, 503, 504, 507,
].flatMap((status) =>
  twice({ [`HTTP ${status}`]: async () => ({ status }) }).map((fault) =>
    [404, 410].includes(status) ? { ...fault, concerns: (request: SeenRequest) => !tellsOfCard(request) } : fault,
  ),
);

/** An hour is longer than any cycle waits. */
const LATER: readonly Fault[] = [429, 503].flatMap((status) =>
  ['0', '3600'].flatMap((seconds) =>
    twice({
      [`HTTP ${status} with Retry-After ${seconds}`]: async () => ({ status, headers: { 'retry-after': seconds } }),
    }),
  ),
);

const REDIRECTS: readonly Fault[] = ['/', 'https://elsewhere.example/'].flatMap((location) =>
  twice({ [`redirected to ${location}`]: async () => ({ status: 302, headers: { location } }) }),
);

const isCall = ({ isJmap, method }: SeenRequest): boolean => isJmap && method === 'POST';

/** Method-level errors (RFC 8620, section 3.6.2, and those of /get, /set and /query). */
const METHOD_ERRORS: readonly Fault[] = [
  'serverUnavailable',
  'serverFail',
  'serverPartialFail',
  'unknownMethod',
  'invalidArguments',
  'invalidResultReference',
  'forbidden',
  'accountNotFound',
  'accountNotSupportedByMethod',
  'accountReadOnly',
  'requestTooLarge',
  'stateMismatch',
  'anchorNotFound',
  'unsupportedSort',
  'unsupportedFilter',
  'tooManyChanges',
  'cannotCalculateChanges',
  'rateLimit',
]
  .flatMap((type) => [
    ...twice({ [`method error ${type}`]: async (_, __, request) => methodErrors(request, type) }),
    ...(type.startsWith('server')
      ? twice({
          [`method error ${type}, and the work done`]: async (serve, _, request) => {
            await serve();
            return methodErrors(request, type);
          },
        })
      : []),
  ])
  .map((fault) => ({ ...fault, concerns: isCall }));

/** Errors of the request as a whole (RFC 8620, section 3.6.1). */
const REQUEST_ERRORS: readonly Fault[] = ['notJSON', 'notRequest', 'unknownCapability', 'limit']
  .flatMap((type) =>
    twice({
      [`request error ${type}`]: async () => ({
        status: 400,
        body: JSON.stringify({ type: `urn:ietf:params:jmap:error:${type}`, limit: 'maxConcurrentRequests' }),
      }),
    }),
  )
  .map((fault) => ({ ...fault, concerns: isCall }));

/**
 * Errors of single items of a /set (RFC 8620, section 5.3; RFC 8621, section 4.6). Not `notFound` of a message that is
 * there: that is believed, as the user may delete messages.
 */
const ITEM_ERRORS: readonly Fault[] = [
  'forbidden',
  'overQuota',
  'tooLarge',
  'rateLimit',
  'invalidPatch',
  'willDestroy',
  'invalidProperties',
  'tooManyKeywords',
  'tooManyMailboxes',
  'serverFail',
  'unheardOf',
].flatMap((type) =>
  (['first', 'last'] as const).map((which) => ({
    name: `notUpdated ${type} for the ${which} message`,
    concerns: ({ kind }: SeenRequest) => kind === 'Email/set',
    lasts: true,
    meet: async (serve: Serve, _: BrokenRun, request: SeenRequest) => withoutItem(serve, request, which, type),
  })),
);

/** Errors of single resources in a multistatus (RFC 4918, section 14.24). */
const ELEMENT_ERRORS: readonly Fault[] = [403, 500, 507].flatMap((status) =>
  twice({
    [`HTTP ${status} for one resource of several`]: async (serve) => {
      const answer = await serve();
      const response = `<D:response><D:href>/dav/x.vcf</D:href><D:status>HTTP/1.1 ${status} No</D:status></D:response>`;
      return { ...answer, body: answer.body?.replace(/<D:response>[\s\S]*?<\/D:response>/, response) };
    },
  }).map((fault) => ({
    ...fault,
    concerns: ({ method }: SeenRequest) => method === 'REPORT' || method === 'PROPFIND',
  })),
);

export const FAULTS: readonly Fault[] = [
  ...KILLS,
  ...CONNECTION,
  ...HANGS,
  ...GARBAGE,
  ...STATUSES,
  ...LATER,
  ...REDIRECTS,
  ...METHOD_ERRORS,
  ...REQUEST_ERRORS,
  ...ITEM_ERRORS,
  ...ELEMENT_ERRORS,
];

/** A fault that is over with the repetition, and one that is not. */
function twice(faults: Readonly<Record<string, Fault['meet']>>): readonly Fault[] {
  return Object.entries(faults).flatMap(([name, meet]) =>
    [false, true].map((lasts) => ({
      name: `${name}${lasts ? ', each time' : ', once'}`,
      concerns: anyRequest,
      lasts,
      meet,
    })),
  );
}

function methodErrors({ body }: SeenRequest, type: string): Answer {
  const { methodCalls } = JSON.parse(body) as { readonly methodCalls: readonly (readonly [string, object, string])[] };
  return json({ methodResponses: methodCalls.map(([, , id]) => ['error', { type, description: 'a fault' }, id]) });
}

async function withoutItem(
  serve: Serve,
  { body }: SeenRequest,
  which: 'first' | 'last',
  type: string,
): Promise<Answer> {
  const request = JSON.parse(body) as { methodCalls: [string, { update: Record<string, object> }, string][] };
  const [call] = request.methodCalls;
  if (call === undefined) throw new Error('An Email/set without a call');
  const ids = Object.keys(call[1].update);
  const id = ids.at(which === 'first' ? 0 : -1) as string;
  const { [id]: _, ...update } = call[1].update;
  call[1].update = update;
  const answer = await serve(JSON.stringify(request));
  const answered = JSON.parse(answer.body ?? '') as {
    methodResponses: [string, { notUpdated: object | null }, string][];
  };
  const result = answered.methodResponses[0]?.[1];
  if (result !== undefined) result.notUpdated = { ...result.notUpdated, [id]: { type, description: 'a fault' } };
  return json(answered);
}

function json(body: object): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
