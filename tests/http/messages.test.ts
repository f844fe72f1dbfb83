import { Headers, Request, Response } from '../../src/http/messages';

/** What both say to the same question: ours is right where Node's says the same. */
const BOTH = [
  ['ours', { Headers, Request, Response }],
  ["Node's", { Headers: globalThis.Headers, Request: globalThis.Request, Response: globalThis.Response }],
] as const;

describe.each(BOTH)('Messages of the Fetch standard, %s', (_, standard) => {
  const Own = standard as { Headers: typeof Headers; Request: typeof Request; Response: typeof Response };

  it('find headers whatever their case, and join values of one name', () => {
    const headers = new Own.Headers({ 'If-Match': '"1"', Accept: 'text/xml' });
    headers.append('ACCEPT', 'text/plain');
    headers.set('if-match', '"2"');
    headers.delete('none');
    expect([...headers].sort()).toEqual([
      ['accept', 'text/xml, text/plain'],
      ['if-match', '"2"'],
    ]);
    expect([headers.get('If-Match'), headers.get('etag'), headers.has('aCCept')]).toEqual(['"2"', null, true]);
    headers.delete('If-Match');
    expect(headers.has('if-match')).toBe(false);
  });

  it('take headers from pairs and from other headers, which stay as they are', () => {
    const first = new Own.Headers([
      ['a', '1'],
      ['A', '2'],
    ]);
    const second = new Own.Headers(first);
    second.set('a', '3');
    expect([first.get('a'), second.get('a')]).toEqual(['1, 2', '3']);
  });

  it('take the space off the ends of a header', () => {
    expect(new Own.Headers({ a: '\t1 2 \r\n' }).get('a')).toBe('1 2');
  });

  it.each(['a\nb', 'a\rb', 'Grüße …'])('refuse %j in a header', (value) => {
    expect(() => new Own.Headers({ authorization: value })).toThrow();
  });

  it('make a request out of a URL, and out of a request what is told otherwise', () => {
    const { signal } = new AbortController();
    const first = new Own.Request(new URL('https://a.example/b?c'), { method: 'PROPFIND', headers: { depth: '1' } });
    const second = new Own.Request(first, { signal });
    const third = new Own.Request('https://a.example');
    expect([second.url, second.method, second.headers.get('depth'), second.body]).toEqual([
      'https://a.example/b?c',
      'PROPFIND',
      '1',
      null,
    ]);
    expect([third.url, third.method, third.signal.aborted]).toEqual(['https://a.example/', 'GET', false]);
    expect(first.clone()).not.toBe(first);
    expect(first.clone().method).toBe('PROPFIND');
  });

  it('end a request with its signal', () => {
    const controller = new AbortController();
    const request = new Own.Request('https://a.example', { signal: controller.signal });
    controller.abort();
    expect([request.signal.aborted, request.clone().signal.aborted]).toEqual([true, true]);
  });

  it('give back what came', async () => {
    const answer = () => new Own.Response(Buffer.from('\uFEFF{"ü":1}'), { status: 200, headers: { etag: '"1"' } });
    expect([answer().status, answer().ok, answer().headers.get('ETag')]).toEqual([200, true, '"1"']);
    expect(await answer().text()).toBe('{"ü":1}');
    expect(await answer().json()).toEqual({ ü: 1 });
    expect(Buffer.from(await answer().arrayBuffer()).toString('utf8')).toBe('\uFEFF{"ü":1}');
  });

  it.each([300, 404, 500])('take %i for no success', (status) => {
    expect(new Own.Response('', { status, headers: {} }).ok).toBe(false);
  });

  it('refuse JSON that is none', async () => {
    await expect(new Own.Response('<html>', { status: 200, headers: {} }).json()).rejects.toThrow();
  });
});
