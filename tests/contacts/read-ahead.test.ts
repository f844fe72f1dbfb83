import { contactCard } from './cards';
import {
  BOOK,
  eachOnScriptedBook,
  multistatus,
  OWN_BOOK,
  response,
  type ScriptedAnswer,
  type SeenRequest,
  stored,
} from './scripted-dav';

const { open, href } = eachOnScriptedBook();

const add = () => ({ addNoteLine: 'new' });
const textOf = (name: string): string => contactCard(name, 'X-A:ü', 'NOTE:mine');

/** A card of a multiget, by default as whole as it is kept. */
function shown(name: string, { text = textOf(name), etag = '"1"', length = Buffer.byteLength(textOf(name)) } = {}) {
  const data = `<![CDATA[${text}]]>`;
  return response(
    `${BOOK}${name}.vcf`,
    `<D:getetag>${etag}</D:getetag><D:getcontentlength>${length}</D:getcontentlength><C:address-data>${data}</C:address-data>`,
  );
}

function hrefsIn({ body }: SeenRequest): readonly string[] {
  return [...body.matchAll(/([\w-]+)\.vcf/g)].map(([, name = '']) => name);
}

/** Answers a multiget by `show`, a GET by the card, and a PUT by success. */
function server(
  show: (name: string) => string = shown,
  get: (name: string) => ScriptedAnswer = (name) => stored(textOf(name)),
) {
  return (request: SeenRequest): ScriptedAnswer => {
    if (request.method === 'REPORT') return multistatus(...hrefsIn(request).map(show));
    if (request.method === 'GET') return get(/([\w-]+)\.vcf/.exec(request.path)?.[1] ?? '');
    return { status: 204 };
  };
}

async function changing(
  names: readonly string[],
  script: (request: SeenRequest) => ScriptedAnswer,
  books = [OWN_BOOK],
) {
  const { book, requests } = await open(script, books);
  book.expectChanges(names.map((name) => href(`${name}.vcf`)));
  const outcomes = await Promise.all(names.map((name) => book.changeContact(href(`${name}.vcf`), add)));
  return { book, requests: requests(), outcomes, methods: requests().map(({ method }) => method) };
}

describe('contacts that are about to be changed', () => {
  it('are read in one request, and written as they are kept', async () => {
    const { requests, outcomes, methods } = await changing(['a', 'b', 'c'], server());
    expect(outcomes).toEqual(['changed', 'changed', 'changed']);
    expect(methods).toEqual(['REPORT', 'PUT', 'PUT', 'PUT']);
    expect(requests[1]).toMatchObject({
      path: `${BOOK}a.vcf`,
      headers: { 'if-match': '"1"' },
      body: textOf('a').replace('NOTE:mine', 'NOTE:mine\\nnew'),
    });
  });

  it('are whole where XML has taken the returns out of their line ends', async () => {
    const { requests, methods } = await changing(
      ['a'],
      server((name) => shown(name, { text: textOf(name).replaceAll('\r', '') })),
    );
    expect(methods).toEqual(['REPORT', 'PUT']);
    expect(requests[1]?.body).toBe(textOf('a').replace('NOTE:mine', 'NOTE:mine\\nnew'));
  });

  it('are read fifty at a time, when the first of them is asked for', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `n${index}`);
    const { book, requests } = await open(server());
    book.expectChanges(names.map((name) => href(`${name}.vcf`)));
    expect(requests()).toEqual([]);
    await book.changeContact(href('n0.vcf'), add);
    expect(requests().map(({ method }) => method)).toEqual(['REPORT', 'PUT']);
    for (const name of names.slice(1)) await book.changeContact(href(`${name}.vcf`), add);
    const reports = requests().filter(({ method }) => method === 'REPORT');
    expect(reports.map((request) => hrefsIn(request).length)).toEqual([50, 50, 20]);
    expect(requests().filter(({ method }) => method === 'GET')).toEqual([]);
  });

  it.each<[string, (name: string) => string]>([
    ['another length', (name) => shown(name, { length: 7 })],
    ['no length', (name) => shown(name).replace(/<D:getcontentlength>.*<\/D:getcontentlength>/, '')],
    ['a mark in place of a character', (name) => shown(name, { text: textOf(name).replace('ü', '??') })],
    ['a weak ETag', (name) => shown(name, { etag: 'W/"1"' })],
    [
      'more bytes than are kept for later',
      (name) => {
        const text = contactCard(name, `X-A:${'x'.repeat(70_000)}`);
        return shown(name, { text, length: text.length });
      },
    ],
    ['no card', () => ''],
    [
      '404',
      (name) =>
        `<D:response><D:href>${BOOK}${name}.vcf</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>`,
    ],
    ['half a card', (name) => shown(name, { text: textOf(name).slice(0, 30) })],
  ])('are read one by one where what comes has %s', async (_, show) => {
    const { outcomes, methods } = await changing(['a', 'b'], server(show));
    expect(outcomes).toEqual(['changed', 'changed']);
    expect(methods.filter((method) => method !== 'REPORT').sort()).toEqual(['GET', 'GET', 'PUT', 'PUT']);
  });

  it('are asked for once where an answer is longer than a page, which none of them that is kept for later can be', async () => {
    const large = contactCard('large', `X-A:${'x'.repeat(3 * 2 ** 20)}`);
    const { outcomes, methods } = await changing(
      ['large'],
      server(
        (name) => shown(name, { text: large, length: large.length }),
        () => stored(large),
      ),
    );
    expect(outcomes).toEqual(['changed']);
    expect(methods).toEqual(['REPORT', 'GET', 'GET', 'PUT']);
  });

  it('are read alone where they do not come whole, and the others together', async () => {
    const { methods } = await changing(
      ['a', 'b', 'c'],
      server((name) => shown(name, name === 'b' ? { length: 7 } : {})),
    );
    expect(methods.filter((method) => method !== 'PUT')).toEqual(['REPORT', 'GET']);
  });

  it('are read one by one where the request for all fails', async () => {
    const { outcomes, methods } = await changing(['a', 'b'], (request) =>
      request.method === 'REPORT' ? { status: 400 } : server()(request),
    );
    expect(outcomes).toEqual(['changed', 'changed']);
    expect(methods.filter((method) => method === 'GET')).toHaveLength(2);
  });

  it('are read anew after 412, and when they are changed once more', async () => {
    let writes = 0;
    const script = server(shown, (name) => stored(textOf(name), '"2"'));
    const { book, methods, requests } = await changing(['a'], (request) =>
      request.method === 'PUT' && ++writes === 1 ? { status: 412 } : script(request),
    );
    expect(methods).toEqual(['REPORT', 'PUT', 'GET', 'PUT']);
    expect(requests.at(-1)?.headers['if-match']).toBe('"2"');
    await expect(book.changeContact(href('a.vcf'), add)).resolves.toBe('changed');
  });

  it('are gone where they are gone', async () => {
    const { outcomes } = await changing(
      ['a'],
      server(
        () => '',
        () => ({ status: 404 }),
      ),
    );
    expect(outcomes).toEqual(['gone']);
  });

  describe('on a server that may show them in another version than it keeps them in', () => {
    const data = '<C:address-data-type version="3.0"/><C:address-data-type version="4.0"/>';
    const converting = OWN_BOOK.replace(
      '</D:resourcetype>',
      `</D:resourcetype><C:supported-address-data>${data}</C:supported-address-data>`,
    );

    it('are read one by one', async () => {
      const { methods } = await changing(['a'], server(), [converting]);
      expect(methods).toContain('GET');
    });

    const kept4 = response(`${BOOK}a.vcf`, '<D:getetag>"1"</D:getetag>');
    it.each([
      ['together where it keeps them as it shows them', [], '"1"', ['REPORT', 'PUT']],
      ['one by one where it keeps them in the other one', [kept4], '"1"', ['REPORT', 'GET', 'PUT']],
      ['one by one where somebody else has changed them since', [], '"2"', ['REPORT', 'GET', 'REPORT', 'PUT']],
    ])('are read %s', async (_, inVersion4, etag, expected) => {
      let now = '"1"';
      const script = server(
        (name) => shown(name, { etag: now }),
        (name) => stored(textOf(name), now),
      );
      const { book, requests } = await open(
        (request) => (request.body.includes('"VERSION" test') ? multistatus(...inVersion4) : script(request)),
        [converting],
      );
      await book.readContacts([href('a.vcf')]);
      const before = requests().length;
      now = etag;
      book.expectChanges([href('a.vcf')]);
      await expect(book.changeContact(href('a.vcf'), add)).resolves.toBe('changed');
      expect(
        requests()
          .slice(before)
          .map(({ method }) => method),
      ).toEqual(expected);
    });
  });
});
