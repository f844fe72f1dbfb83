import https from 'node:https';
import { gzipSync } from 'node:zlib';
import { createFetch, isTooLong } from '../../src/http/fetch';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from './loopback-certificate';
import { type ScriptedServer, startScriptedServer } from './scripted-server';

describe('fetch', () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await startScriptedServer();
  });
  afterEach(() => server.stop());

  it('sends method, headers and body, and gives back status, headers and body', async () => {
    server.script([{ status: 207, headers: { etag: '"1"' }, body: 'Grüße' }]);
    const response = await createFetch()(`${server.origin}/a?b=c`, {
      method: 'REPORT',
      headers: { depth: '1' },
      body: 'naïve',
    });
    expect(response.status).toBe(207);
    expect(response.headers.get('etag')).toBe('"1"');
    await expect(response.text()).resolves.toBe('Grüße');
    expect(server.requests).toMatchObject([
      { method: 'REPORT', path: '/a?b=c', body: 'naïve', headers: { depth: '1', 'content-length': '6' } },
    ]);
  });

  it('asks for gzip and decodes it', async () => {
    server.script([{ status: 200, headers: { 'content-encoding': 'gzip' }, body: gzipSync('a'.repeat(100_000)) }]);
    const response = await createFetch()(server.origin);
    expect(await response.text()).toHaveLength(100_000);
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(server.requests[0]?.headers['accept-encoding']).toBe('gzip');
  });

  it('does not follow redirects', async () => {
    server.script([{ status: 302, headers: { location: '/elsewhere' } }]);
    const response = await createFetch()(server.origin);
    expect([response.status, response.headers.get('location')]).toEqual([302, '/elsewhere']);
    expect(server.requests).toHaveLength(1);
  });

  it.each([204, 304])('gives back no body with %i', async (status) => {
    server.script([{ status }]);
    const response = await createFetch()(server.origin);
    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it('uses the connection of the request before', async () => {
    let connections = 0;
    server.server.on('connection', () => {
      connections += 1;
    });
    server.script(() => ({ status: 200, body: 'x' }));
    const fetch = createFetch();
    for (let i = 0; i < 3; i += 1) await (await fetch(server.origin)).text();
    expect(connections).toBe(1);
  });

  it.each([
    ['a body with a known length', {}],
    ['a chunked body', { 'transfer-encoding': 'chunked' }],
  ])('takes %s that is cut off for an error', async (_, headers) => {
    server.script([{ status: 200, headers, body: 'x'.repeat(1000), cut: true }]);
    await expect(createFetch()(server.origin)).rejects.toMatchObject({
      name: 'ConnectionError',
      message: 'the connection was cut',
    });
  });

  it('takes compressed data that ends too early for an error', async () => {
    const body = gzipSync('a'.repeat(100_000));
    server.script([{ status: 200, headers: { 'content-encoding': 'gzip' }, body: body.subarray(0, body.length - 20) }]);
    await expect(createFetch()(server.origin)).rejects.toMatchObject({ name: 'ConnectionError' });
  });

  it.each([
    ['plain', {}, Buffer.alloc(2_000)],
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(2_000_000))],
  ])('takes an endless %s answer for an error that says so', async (_, headers, body) => {
    server.script([{ status: 200, headers, body }]);
    const failure = await createFetch()(server.origin, { maxBytes: 1_999 }).catch((error) => error);
    expect(failure).toMatchObject({ name: 'ConnectionError', retryable: false });
    expect(isTooLong(failure)).toBe(true);
  });

  it('allows 16 MiB where nothing is said', async () => {
    const longest = Buffer.alloc(16 * 1024 * 1024);
    server.script([
      { status: 200, body: longest },
      { status: 200, body: Buffer.concat([longest, Buffer.from('x')]) },
    ]);
    await expect((await createFetch()(server.origin)).arrayBuffer()).resolves.toHaveProperty(
      'byteLength',
      longest.length,
    );
    expect(isTooLong(await createFetch()(server.origin).catch((error) => error))).toBe(true);
  });

  it('stops decompressing where the answer is too long', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    server.script([{ status: 200, headers: { 'content-encoding': 'gzip' }, body: bomb }]);
    let seen = 0;
    const answer = createFetch()(server.origin, {
      maxBytes: 100_000,
      reader: () => (piece) => {
        seen += piece.length;
      },
    });
    await expect(answer).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(seen).toBeLessThanOrEqual(100_000);
  });

  it('hands the body of a success over as it comes, and keeps none of it', async () => {
    server.script([{ status: 207, body: Buffer.alloc(1_000_000, 'x') }]);
    const pieces: number[] = [];
    const response = await createFetch()(server.origin, {
      reader:
        () =>
        ({ length }) =>
          void pieces.push(length),
    });
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.reduce((sum, length) => sum + length)).toBe(1_000_000);
    await expect(response.text()).resolves.toBe('');
  });

  it('leaves the body where no reader is for the status', async () => {
    server.script([{ status: 403, body: 'no' }]);
    const statuses: number[] = [];
    const reader = (status: number) => {
      statuses.push(status);
      return null;
    };
    const response = await createFetch()(server.origin, { reader });
    await expect(response.text()).resolves.toBe('no');
    expect(statuses).toEqual([403]);
  });

  it('ends with what the reader throws', async () => {
    server.script([{ status: 200, body: 'x' }]);
    const answer = createFetch()(server.origin, {
      reader: () => () => {
        throw new TypeError('unreadable');
      },
    });
    await expect(answer).rejects.toThrow(new TypeError('unreadable'));
  });

  it('says that a connection is refused', async () => {
    await server.stop();
    await expect(createFetch()(server.origin)).rejects.toMatchObject({
      message: 'connection refused',
      code: 'ECONNREFUSED',
    });
  });

  it('ends with the reason of an abort', async () => {
    server.script(['hang']);
    const abort = new AbortController();
    const answer = createFetch()(server.origin, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });
});

describe('fetch over TLS', () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await startScriptedServer(https.createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }));
    server.script(() => ({ status: 200, body: 'safe' }));
  });
  afterEach(() => server.stop());

  it('trusts the certificates that it is given', async () => {
    const response = await createFetch({ ca: LOOPBACK_CERTIFICATE })(server.origin);
    await expect(response.text()).resolves.toBe('safe');
  });

  it('trusts no unknown certificate, and says that a retry is of no use', async () => {
    await expect(createFetch()(server.origin)).rejects.toMatchObject({
      message: expect.stringContaining('certificate is not trusted'),
      retryable: false,
    });
    expect(server.requests).toEqual([]);
  });
});
