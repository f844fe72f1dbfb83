import { execFile } from 'node:child_process';
import { inspect, promisify } from 'node:util';
import { build } from 'esbuild';
import { MailroomError } from '../../src/errors';
import { type Attempt, createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/http/client';
import { isTooLong } from '../../src/http/fetch';
import { PAUSES } from '../../src/http/retry';
import { type Answer, type ScriptedServer, startScriptedServer } from './scripted-server';

const SECRET = 'Bearer s3cr3t-t0ken';
const AT_ONCE = { ...PAUSES, backOff: 1, unauthorized: 1 };
const NEVER = 3_600_000;

describe('the HTTP client', () => {
  let server: ScriptedServer;
  let attempts: Attempt[];
  beforeEach(async () => {
    server = await startScriptedServer();
    attempts = [];
  });
  afterEach(() => server.stop());

  function client(options: Partial<HttpClientOptions> = {}): HttpClient {
    return createHttpClient({
      name: 'JMAP',
      origin: `${server.origin}/jmap/session`,
      authorization: SECRET,
      credentialSettings: 'MAILROOM_JMAP_TOKEN',
      concurrency: 4,
      pauses: AT_ONCE,
      onRequest: (attempt) => attempts.push(attempt),
      ...options,
    });
  }

  it('sends its credentials, and tells of each attempt without the query', async () => {
    server.script([{ status: 200, body: 'ok' }]);
    const response = await client().fetch(`${server.origin}/a?secret=1`);
    await expect(response.text()).resolves.toBe('ok');
    expect(server.requests[0]?.headers.authorization).toBe(SECRET);
    expect(attempts).toEqual([
      { method: 'GET', url: `${server.origin}/a`, status: 200, durationMs: expect.any(Number) },
    ]);
  });

  describe('where the credentials may go', () => {
    it('is the configured origin alone', async () => {
      const elsewhere = await startScriptedServer();
      const answer = client().fetch(`${elsewhere.origin}/`);
      await expect(answer).rejects.toMatchObject({
        code: 'settings',
        hint: expect.stringContaining('MAILROOM_JMAP_SESSION_URL'),
      });
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.stop();
    });

    it('is not where a redirect points: that is the caller’s to look at', async () => {
      const elsewhere = await startScriptedServer();
      server.script([{ status: 302, headers: { location: elsewhere.origin } }]);
      const response = await client().fetch(server.origin);
      expect([response.status, response.headers.get('location')]).toEqual([302, elsewhere.origin]);
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.stop();
    });

    it.each([
      'https://example.com',
      'http://127.0.0.1',
      'http://127.8.9.1:80',
      'http://[::1]:8080',
      'http://localhost',
    ])('may be %s', (origin) => {
      expect(() => client({ origin })).not.toThrow();
    });

    it.each([
      'http://example.com',
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
      'http://[::2]',
      'http://10.0.0.1',
      'ftp://127.0.0.1',
    ])('may not be %s', (origin) => {
      expect(() => client({ origin })).toThrow(expect.objectContaining({ code: 'settings' }));
    });
  });

  describe('a repetition', () => {
    const passing: readonly (readonly [string, Answer])[] = [
      ['HTTP 503', { status: 503 }],
      ['HTTP 423, of a server where two writes meet', { status: 423 }],
      ['HTTP 425', { status: 425 }],
      ['HTTP 429', { status: 429 }],
      ['HTTP 520', { status: 520 }],
      ['a body that is cut off', { status: 200, body: 'x'.repeat(100), cut: true }],
      ['no answer in time', 'hang'],
      ['HTTP 401', { status: 401 }],
    ];
    it.each(passing)('follows %s', async (_, answer) => {
      server.script([answer, { status: 200, body: 'ok' }]);
      const response = await client(answer === 'hang' ? { attemptTimeout: 500 } : {}).fetch(server.origin);
      await expect(response.text()).resolves.toBe('ok');
      expect(attempts).toHaveLength(2);
    });

    it.each(['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'PROPFIND', 'REPORT', 'MKCOL'])(
      'sends the body of a %s again',
      async (method) => {
        server.script([{ status: 503 }, { status: 200 }]);
        await client().fetch(server.origin, { method, ...(method === 'GET' ? {} : { body: 'content' }) });
        const body = method === 'GET' ? '' : 'content';
        expect(server.requests).toMatchObject([
          { method, body, headers: { authorization: SECRET } },
          { method, body, headers: { authorization: SECRET } },
        ]);
      },
    );

    it.each([301, 400, 403, 404, 412, 501, 505, 507])(
      'does not follow HTTP %i, which the caller sees',
      async (status) => {
        server.script([{ status }]);
        await expect(client().fetch(server.origin)).resolves.toMatchObject({ status });
        expect(attempts).toHaveLength(1);
      },
    );

    it('waits as long as Retry-After says', async () => {
      server.script([{ status: 503, headers: { 'retry-after': '0' } }, { status: 200 }]);
      const response = await client({ pauses: { ...PAUSES, backOff: NEVER } }).fetch(server.origin);
      expect(response.status).toBe(200);
    });

    it('does not come when Retry-After asks for too long', async () => {
      server.script([{ status: 429, headers: { 'retry-after': '7200' } }]);
      await expect(client().fetch(server.origin)).rejects.toMatchObject({
        code: 'transient',
        message: `JMAP: GET ${server.origin}/ failed: HTTP 429, and it asks to wait for 7200 s`,
      });
      expect(attempts).toHaveLength(1);
    });

    it('comes after longer and longer pauses, which an abort ends', async () => {
      server.script([{ status: 503 }]);
      const abort = new AbortController();
      const answer = client({
        pauses: { ...PAUSES, backOff: NEVER },
        signal: abort.signal,
        onRequest: () => setImmediate(() => abort.abort()),
      }).fetch(server.origin);
      await expect(answer).rejects.toMatchObject({ code: 'transient', message: expect.stringContaining('stopped') });
    });

    const lost: readonly (readonly [string, Answer])[] = [
      ['HTTP 503', { status: 503 }],
      ['a body that is cut off', { status: 200, body: 'x'.repeat(100), cut: true }],
      ['no answer in time', 'hang'],
    ];
    it.each(lost)('does not follow %s where the caller forbids it', async (_, answer) => {
      server.script([answer, { status: 200 }]);
      const request = client(answer === 'hang' ? { attemptTimeout: 100 } : {}).fetch(server.origin, {
        method: 'POST',
        retry: false,
      });
      await expect(request).rejects.toMatchObject({ code: 'transient' });
      expect(attempts).toHaveLength(1);
    });

    it.each([401, 423, 425, 429])('follows HTTP %i all the same: nothing was done', async (status) => {
      server.script([{ status }, { status: 200 }]);
      const response = await client().fetch(server.origin, { method: 'POST', retry: false });
      expect(response.status).toBe(200);
    });
  });

  describe('gives up', () => {
    it('after three attempts', async () => {
      server.script(() => ({ status: 503 }));
      await expect(client().fetch(`${server.origin}/a?b`, { method: 'POST' })).rejects.toMatchObject({
        code: 'transient',
        message: `JMAP: POST ${server.origin}/a failed after 3 attempts: HTTP 503`,
      });
      expect(attempts).toHaveLength(3);
    });

    it('after two time-outs', async () => {
      server.script(() => 'hang');
      await expect(client({ attemptTimeout: 50 }).fetch(server.origin)).rejects.toMatchObject({
        code: 'transient',
        message: `JMAP: GET ${server.origin}/ failed after 2 attempts: no answer within 0.05 s`,
      });
      expect(attempts).toHaveLength(2);
    });

    it('when nobody listens', async () => {
      await server.stop();
      await expect(client().fetch(server.origin)).rejects.toMatchObject({
        code: 'transient',
        message: `JMAP: GET ${server.origin}/ failed after 3 attempts: connection refused`,
      });
    });

    it('after a second 401, and says which credentials and where to make new ones', async () => {
      server.script(() => ({ status: 401 }));
      await expect(client().fetch(server.origin)).rejects.toMatchObject({
        code: 'credentials',
        message: `JMAP: the credentials are rejected: GET ${server.origin}/ answers HTTP 401`,
        hint: expect.stringMatching(/MAILROOM_JMAP_TOKEN.*API token/),
      });
      expect(attempts).toHaveLength(2);
    });
  });

  it.each([
    ['a 5xx', { status: 500 }],
    ['a 401', { status: 401 }],
    ['a cut body', { status: 200, body: 'xx', cut: true }],
    ['a time-out', 'hang' as const],
  ])('tells no secret in the error of %s, its causes included', async (_, answer) => {
    server.script(() => answer);
    const error = await client({ attemptTimeout: 50 })
      .fetch(server.origin)
      .catch((thrown: unknown) => thrown);
    expect(everythingIn(error)).toContain('MailroomError');
    expect(everythingIn(error)).not.toContain('s3cr3t');
  });

  it.each([423, 425])('takes HTTP %i that lasts for a state that passes', async (status) => {
    server.script(() => ({ status }));
    await expect(client().fetch(server.origin, { method: 'PUT' })).rejects.toMatchObject({ code: 'transient' });
    expect(attempts).toHaveLength(3);
  });

  it('says that an answer is too long, and does not ask again', async () => {
    server.script(() => ({ status: 200, body: 'x'.repeat(1_001) }));
    const failure = await client()
      .fetch(server.origin, { maxBytes: 1_000 })
      .catch((error) => error);
    expect(failure).toMatchObject({
      code: 'protocol',
      message: `JMAP: GET ${server.origin}/ failed: the answer is longer than 1000 bytes`,
    });
    expect(isTooLong(failure)).toBe(true);
    expect(attempts).toHaveLength(1);
  });

  it('reads the body as it comes, anew for each attempt', async () => {
    server.script([
      { status: 207, body: 'x'.repeat(1_000), cut: true },
      { status: 207, body: 'whole' },
    ]);
    const bodies: string[] = [];
    const reader = () => {
      const index = bodies.push('') - 1;
      return (piece: Buffer) => {
        bodies[index] += piece.toString();
      };
    };
    await client().fetch(server.origin, { reader });
    expect(bodies.at(-1)).toBe('whole');
    expect(bodies).toHaveLength(2);
  });

  it('throws on what the reader finds wrong, and does not ask again', async () => {
    server.script(() => ({ status: 207, body: 'x' }));
    const wrong = new MailroomError({ code: 'protocol', message: 'no XML' });
    const reader = () => () => {
      throw wrong;
    };
    await expect(client().fetch(server.origin, { reader })).rejects.toBe(wrong);
    expect(attempts).toHaveLength(1);
  });

  it('tells no secret when it cannot be a header', () => {
    expect(() => client({ authorization: `${SECRET}\nx` })).toThrow(
      expect.objectContaining({ code: 'credentials', message: expect.not.stringContaining('s3cr3t') }),
    );
  });

  it('tells no secret of a URL', async () => {
    const url = server.origin.replace('//', '//user:s3cr3t@');
    const error = await client()
      .fetch(url)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'settings' });
    expect(everythingIn(error)).not.toContain('s3cr3t');
  });

  it.each([
    ['allowed', 3],
    ['lowered to', 2],
  ])('runs no more requests at the same time than %s', async (how, most) => {
    const http = client({ concurrency: how === 'allowed' ? most : 3 });
    http.limitConcurrency(most);
    let running = 0;
    let seen = 0;
    server.script(async () => {
      running += 1;
      seen = Math.max(seen, running);
      // Until as many as may are here, and a while longer for those that may not.
      for (let turn = 0; seen < most || turn < 20; turn += 1) await new Promise(setImmediate);
      running -= 1;
      return { status: 200 };
    });
    await Promise.all(Array.from({ length: 9 }, () => http.fetch(server.origin)));
    expect(seen).toBe(most);
  });

  it('does not keep the process alive for the sake of idle connections', async () => {
    server.server.keepAliveTimeout = 0;
    server.script(() => ({ status: 200 }));
    const program = `http.fetch('${server.origin}').then(({ status }) => console.log(status));`;
    await expect(runAlone(program)).resolves.toMatchObject({ stdout: '200\n' });
  });

  it('lets any number of requests wait without a word on stderr', async () => {
    server.script(() => ({ status: 200 }));
    const program = `
      const all = Array.from({ length: 30 }, () => http.fetch('${server.origin}'));
      Promise.all(all).then(({ length }) => console.log(length));`;
    await expect(runAlone(program)).resolves.toMatchObject({ stdout: '30\n', stderr: '' });
  });

  /** What a process prints that has a client called `http`. */
  async function runAlone(program: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const head = `
      import { createHttpClient } from './src/http/client';
      const http = createHttpClient({
        name: 'JMAP', origin: '${server.origin}', authorization: 'x', credentialSettings: 'x', concurrency: 1,
        signal: new AbortController().signal,
      });`;
    const { outputFiles } = await build({
      stdin: { contents: `${head}${program}`, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
    });
    return promisify(execFile)(process.execPath, ['-e', outputFiles[0]?.text ?? '']);
  }
});

/** All that a careless logger could print of it. */
function everythingIn(error: unknown): string {
  return inspect(error, { depth: Infinity, showHidden: true });
}
