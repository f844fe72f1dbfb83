import { openAddressBook } from '../../src/contacts/open-address-book';
import type { AddressBook } from '../../src/ports';
import { card, contactCard } from './cards';
import {
  BOOK,
  cardResponse,
  discovery,
  eachOnScriptedBook,
  isListing,
  multistatus,
  OWN_BOOK,
  precondition,
  response,
  type Script,
  type ScriptedAnswer,
  stored,
} from './scripted-dav';

const { server, open, href } = eachOnScriptedBook();

const NEW = { uid: 'a/b', email: 'a@x', formattedName: 'A', note: 'Mailroom 2026-01-01: Feed', personName: null };
/** A book on a server that may show cards in another version than it keeps them in. */
const CONVERTING = OWN_BOOK.replace(
  '</D:resourcetype>',
  '</D:resourcetype><C:supported-address-data><C:address-data-type content-type="text/vcard" version="3.0"/><C:address-data-type content-type="text/vcard" version="4.0"/></C:supported-address-data>',
);

describe('creating a contact', () => {
  it('stores it under its UID, unless there is one', async () => {
    const { book, requests } = await open(() => ({ status: 201 }));
    await expect(book.createContact(NEW)).resolves.toBe('created');
    expect(requests()).toMatchObject([
      {
        method: 'PUT',
        path: `${BOOK}a%2Fb.vcf`,
        headers: { 'if-none-match': '*', 'content-type': 'text/vcard; charset=utf-8' },
      },
    ]);
  });

  it('is not done where something in between shows a web page in the server’s place', async () => {
    const page = { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<!DOCTYPE html>' };
    const { book } = await open(() => page);
    await expect(book.createContact(NEW)).rejects.toMatchObject({ code: 'protocol' });
  });

  it.each<[string, ScriptedAnswer]>([
    ['200', { status: 200 }],
    ['204', { status: 204 }],
    ['a text', { status: 201, headers: { 'content-type': 'text/plain' } }],
    ['a page with the ETag of what is stored', { status: 201, headers: { 'content-type': 'text/html', etag: '"1"' } }],
  ])('is done after %s', async (_, answer) => {
    const { book } = await open(() => answer);
    await expect(book.createContact(NEW)).resolves.toBe('created');
  });

  it('is done in UTF-8', async () => {
    const { book, requests } = await open(() => ({ status: 201 }));
    await book.createContact({ ...NEW, formattedName: 'Zoë' });
    expect(requests()[0]?.body).toContain('\r\nFN:Zoë\r\n');
  });

  it.each<[string, ScriptedAnswer]>([
    ['412', { status: 412 }],
    ['403 and a UID that is taken', { status: 403, body: precondition('no-uid-conflict') }],
    ['409 and a UID that is taken', { status: 409, body: precondition('no-uid-conflict') }],
  ])('says that it exists after %s', async (_, answer) => {
    const { book } = await open(() => answer);
    await expect(book.createContact(NEW)).resolves.toBe('exists');
  });

  it.each<[string, ScriptedAnswer, string, string]>([
    [
      '403 with a precondition',
      { status: 403, body: precondition('valid-address-data') },
      'refused',
      'HTTP 403 (valid-address-data)',
    ],
    ['403 and a page', { status: 403, headers: { 'content-type': 'text/html' } }, 'refused', 'HTTP 403'],
    ['413', { status: 413 }, 'refused', 'HTTP 413'],
    ['415', { status: 415 }, 'refused', 'HTTP 415'],
    ['409', { status: 409 }, 'refused', 'HTTP 409'],
    ['507', { status: 507 }, 'refused', 'HTTP 507'],
    ['a redirect', { status: 301, headers: { location: '/' } }, 'refused', 'HTTP 301'],
    ['404', { status: 404 }, 'protocol', 'is gone'],
    [
      'a password without the right',
      { status: 403, body: precondition('need-privileges') },
      'credentials',
      'not allowed',
    ],
    ['503', { status: 503 }, 'transient', 'HTTP 503'],
  ])('fails after %s', async (_, answer, code, message) => {
    const { book } = await open(() => answer);
    await expect(book.createContact(NEW)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe('changing a contact', () => {
  const OLD = contactCard('1', 'NOTE:mine', 'X-A:b');
  const add = () => ({ addNoteLine: 'new' });

  it('reads the card afresh and writes it with its ETag', async () => {
    const { book, requests } = await open(({ method }) => (method === 'GET' ? stored(OLD, 'W/"7"') : { status: 204 }));
    await expect(book.changeContact(href('1.vcf'), add)).resolves.toBe('changed');
    expect(requests()).toMatchObject([
      { method: 'GET' },
      {
        method: 'PUT',
        path: `${BOOK}1.vcf`,
        headers: { 'if-match': '"7"', 'content-type': 'text/vcard; charset=utf-8' },
        body: OLD.replace('mine', 'mine\\nnew'),
      },
    ]);
  });

  it('takes an ETag that merely holds the sign of weak ones as it is', async () => {
    const { book, requests } = await open(({ method }) => (method === 'GET' ? stored(OLD, '"W/7"') : { status: 204 }));
    await book.changeContact(href('1.vcf'), add);
    expect(requests().at(-1)?.headers['if-match']).toBe('"W/7"');
  });

  it('keeps bytes that are no UTF-8', async () => {
    const bytes = Buffer.from(OLD.replace('X-A:b', 'X-A:caf\xe9'), 'latin1');
    const { book, requests } = await open(({ method }) =>
      method === 'GET' ? { ...stored(''), body: bytes } : { status: 204 },
    );
    await book.changeContact(href('1.vcf'), add);
    expect(requests().at(-1)?.bytes.toString('latin1')).toBe(bytes.toString('latin1').replace('mine', 'mine\\nnew'));
  });

  it('reads it again after 412, and decides anew', async () => {
    let reads = 0;
    const { book, requests } = await open(({ method, headers }) => {
      if (method === 'GET') return stored(OLD.replace('mine', `mine ${++reads}`), `"${reads}"`);
      return { status: headers['if-match'] === '"3"' ? 204 : 412 };
    });
    const seen: string[] = [];
    const revise = ({ note }: { readonly note: string }) => {
      seen.push(note);
      return { addNoteLine: 'new' };
    };
    await expect(book.changeContact(href('1.vcf'), revise)).resolves.toBe('changed');
    expect(seen).toEqual(['mine 1', 'mine 2', 'mine 3']);
    expect(requests().at(-1)?.body).toContain('NOTE:mine 3\\nnew');
  });

  it.each([409, 412])('gives up after five lost races, which end in %i', async (status) => {
    const { book, requests } = await open(({ method }) => (method === 'GET' ? stored(OLD) : { status }));
    await expect(book.changeContact(href('1.vcf'), add)).rejects.toMatchObject({ code: 'transient' });
    expect(requests()).toHaveLength(10);
  });

  it('is refused where the server wants no card as large as that', async () => {
    const { book } = await open(({ method }) => (method === 'GET' ? stored(OLD) : { status: 413 }));
    const message = expect.stringMatching(/ is refused: HTTP 413$/);
    await expect(book.changeContact(href('1.vcf'), add)).rejects.toMatchObject({ code: 'refused', message });
  });

  it('asks for the card uncompressed, as who compresses it may change its ETag', async () => {
    const { book } = await open(({ method, headers }) => {
      const compresses = headers['accept-encoding']?.includes('gzip');
      if (method === 'GET') return stored(OLD, compresses ? '"7-gzip"' : '"7"');
      return { status: headers['if-match'] === '"7"' ? 204 : 412 };
    });
    await expect(book.changeContact(href('1.vcf'), add)).resolves.toBe('changed');
  });

  it.each<[string, ScriptedAnswer, 'unchanged' | 'gone']>([
    ['a card that has it already', stored(OLD), 'unchanged'],
    ['a card that is gone', { status: 404 }, 'gone'],
    ['a card that has become a group', stored(OLD.replace('X-A:b', 'KIND:group')), 'gone'],
  ])('writes nothing for %s', async (_, answer, outcome) => {
    const { book, requests } = await open(() => answer);
    await expect(book.changeContact(href('1.vcf'), ({ note }) => (note === '' ? {} : undefined))).resolves.toBe(
      outcome,
    );
    await expect(book.changeContact(href('1.vcf'), () => ({ dropNoteLines: ['x'] }))).resolves.toBe(outcome);
    expect(requests().every(({ method }) => method === 'GET')).toBe(true);
  });

  it('is done to a card of megabytes too, and refused for one that is more than can be borne', async () => {
    const large = (bytes: number) => contactCard('1', 'NOTE:mine', `PHOTO:${'x'.repeat(bytes)}`);
    const { book, requests } = await open(({ method, path }) => {
      if (method === 'PUT') return { status: path.endsWith('1.vcf') ? 204 : 507 };
      return stored(large(path.endsWith('2.vcf') ? 17 * 1024 * 1024 : 2_000_000));
    });
    await expect(book.changeContact(href('1.vcf'), add)).resolves.toBe('changed');
    expect(requests().at(-1)?.body).toBe(large(2_000_000).replace('mine', 'mine\\nnew'));
    await expect(book.changeContact(href('2.vcf'), add)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('is larger than 16 MiB'),
    });
    expect(requests().filter(({ method }) => method === 'PUT')).toHaveLength(1);
    await expect(book.changeContact(href('3.vcf'), add)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('HTTP 507'),
    });
  });

  it('finds it gone where it goes between reading and writing', async () => {
    let reads = 0;
    const { book } = await open(({ method }) => (method === 'GET' && reads++ === 0 ? stored(OLD) : { status: 404 }));
    await expect(book.changeContact(href('1.vcf'), add)).resolves.toBe('gone');
  });

  it.each<[string, ScriptedAnswer, string]>([
    ['no ETag', { status: 200, body: OLD }, 'came without an ETag'],
    ['an empty ETag', { status: 200, headers: { etag: '' }, body: OLD }, 'came without an ETag'],
    [
      'a page of HTML',
      { status: 200, headers: { etag: '"1"' }, body: '<html>' },
      'cannot be read: it is no whole vCard',
    ],
    ['half a card', stored(OLD.slice(0, 30)), 'cannot be read: it is no whole vCard'],
    ['403', { status: 403 }, 'was answered with HTTP 403'],
    ['403 with a precondition', { status: 403, body: precondition('x') }, 'was answered with HTTP 403 (x)'],
  ])('is a fault of the protocol where reading gives %s', async (_, answer, message) => {
    const { book } = await open(() => answer);
    await expect(book.changeContact(href('1.vcf'), add)).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringContaining(message),
    });
  });

  it.each([403, 409])('is refused with the precondition of %i', async (status) => {
    const { book } = await open(({ method }) =>
      method === 'GET' ? stored(OLD) : { status, body: precondition('no-uid-conflict') },
    );
    const message = expect.stringContaining(`HTTP ${status} (no-uid-conflict)`);
    await expect(book.changeContact(href('1.vcf'), add)).rejects.toMatchObject({ code: 'refused', message });
  });
});

describe('a server that shows vCard 4.0 as 3.0', () => {
  const FOUR = card(['UID:1', 'FN:x', 'EMAIL:ann@x', 'KIND:individual'], { version: '4.0' });
  const THREE = card(['UID:1', 'FN:x', 'EMAIL:ann@x', 'x-addressbookserver-kind:individual']);

  const asksForVersion = (body: string) =>
    ['>4.0<', '>1<', '>urn:uuid:1<'].every((text) => body.includes(`match-type="equals"${text}`)) &&
    ['"allof"', '"VERSION"', '"UID"'].every((name) => body.includes(name)) &&
    !body.includes('address-data');

  /** Keeps one card, in the version that `kept` says. */
  const script =
    (kept: () => '3.0' | '4.0'): Script =>
    ({ method, headers, body }) => {
      const etag = `"${kept()}"`;
      if (method === 'PUT') return { status: headers['if-match'] === etag ? 204 : 412 };
      if (method === 'GET') return stored(headers.accept === 'text/vcard; version=4.0' ? FOUR : THREE, etag);
      if (isListing({ body })) return multistatus();
      if (body.includes('content-type="text/vcard" version="4.0"'))
        return multistatus(cardResponse('1.vcf', FOUR, etag));
      if (!asksForVersion(body)) return multistatus(cardResponse('1.vcf', THREE, etag));
      return kept() === '4.0' ? multistatus(response(`${BOOK}1.vcf`, `<D:getetag>${etag}</D:getetag>`)) : multistatus();
    };
  const change = (book: AddressBook) => book.changeContact(href('1.vcf'), () => ({ addNoteLine: 'new' }));

  it.each([
    ['4.0', 'KIND:individual'],
    ['3.0', 'x-addressbookserver-kind:individual'],
  ] as const)('gets a card of %s back as it is kept', async (version, line) => {
    const { book, requests } = await open(
      script(() => version),
      [CONVERTING],
    );
    await expect(change(book)).resolves.toBe('changed');
    expect(requests().at(-1)?.body).toContain(`VERSION:${version}\r\n`);
    expect(requests().at(-1)?.body).toContain(line);
  });

  it.each([
    ['4.0', 4],
    ['3.0', 3],
  ] as const)('needs no further question for a card of %s that was found before', async (version, questions) => {
    const { book, requests } = await open(
      script(() => version),
      [CONVERTING],
    );
    await book.findByAddress(['ann@x']);
    expect(requests()).toHaveLength(questions);
    await change(book);
    expect(
      requests()
        .slice(questions)
        .map(({ method }) => method),
    ).toEqual(['GET', 'PUT']);
    expect(requests().at(-1)?.body).toContain(`VERSION:${version}\r\n`);
  });

  it.each([
    ['4.0', '3.0'],
    ['3.0', '4.0'],
  ] as const)('asks again where a card of %s has become one of %s', async (before, after) => {
    let kept: '3.0' | '4.0' = before;
    const { book, requests } = await open(
      script(() => kept),
      [CONVERTING],
    );
    await book.findByAddress(['ann@x']);
    kept = after;
    await expect(change(book)).resolves.toBe('changed');
    expect(requests().at(-1)?.body).toContain(`VERSION:${after}\r\n`);
  });

  it('is asked for the UID of such a card as the card has it', async () => {
    const { book } = await open(
      (request) => {
        const { body } = request;
        if (isListing(request)) return multistatus();
        const written = body.includes('version="4.0"') ? 'UID:urn:uuid:1' : 'UID:1';
        return multistatus(cardResponse('1.vcf', FOUR.replace('UID:1', written)));
      },
      [CONVERTING],
    );
    await expect(book.findByAddress(['ann@x'])).resolves.toMatchObject([{ uid: '1', writtenUid: 'urn:uuid:1' }]);
  });

  it('is not written to where it does not tell the version', async () => {
    const usual = script(() => '4.0');
    const { book, requests } = await open(
      (request) => (asksForVersion(request.body) ? { status: 507 } : usual(request)),
      [CONVERTING],
    );
    await expect(change(book)).rejects.toMatchObject({ code: 'protocol' });
    expect(requests().map(({ method }) => method)).toEqual(['GET', 'REPORT']);
  });

  it('is asked nothing where it knows 3.0 alone', async () => {
    const { book, requests } = await open(script(() => '3.0'));
    await change(book);
    expect(requests().map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(requests().at(-1)?.body).toContain('VERSION:3.0\r\n');
  });

  it('is asked nothing of a card that is gone', async () => {
    const { book, requests } = await open(() => ({ status: 404 }), [CONVERTING]);
    await expect(change(book)).resolves.toBe('gone');
    expect(requests()).toHaveLength(1);
  });
});

describe('deleting a contact', () => {
  it.each([
    [false, 'deleted', ['GET', 'DELETE']],
    [true, 'kept', ['GET']],
  ])('unless %s', async (unless, outcome, methods) => {
    const { book, requests } = await open(({ method }) =>
      method === 'GET' ? stored(contactCard('1'), '"7"') : { status: 204 },
    );
    await expect(book.deleteContact(href('1.vcf'), () => unless)).resolves.toBe(outcome);
    expect(requests().map(({ method }) => method)).toEqual(methods);
    expect(requests().at(-1)?.headers['if-match']).toBe(unless ? undefined : '"7"');
  });

  it('finds it gone', async () => {
    const { book } = await open(() => ({ status: 404 }));
    await expect(book.deleteContact(href('1.vcf'), () => false)).resolves.toBe('gone');
  });

  it('keeps what has become a group', async () => {
    const { book, requests } = await open(() => stored(contactCard('1', 'KIND:group')));
    await expect(book.deleteContact(href('1.vcf'), ({ note }) => note === 'mine')).resolves.toBe('kept');
    expect(requests()).toHaveLength(1);
  });

  it.each([409, 412])('looks again after %i', async (status) => {
    let reads = 0;
    const { book } = await open(({ method }) =>
      method === 'GET' ? stored(contactCard('1', `NOTE:${++reads}`)) : { status },
    );
    await expect(book.deleteContact(href('1.vcf'), ({ note }) => note === '2')).resolves.toBe('kept');
  });
});

describe('groups', () => {
  const GROUP = card(['UID:g', 'FN:Feed', 'X-ADDRESSBOOKSERVER-KIND:group', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a']);

  it('are changed in one write', async () => {
    const { book, requests } = await open(({ method }) => (method === 'GET' ? stored(GROUP) : { status: 204 }));
    await expect(book.changeGroup(href('g.vcf'), { join: ['b'], leave: ['a'] })).resolves.toBe('changed');
    expect(requests()).toMatchObject([
      { method: 'GET' },
      { method: 'PUT', headers: { 'if-match': '"1"' }, body: GROUP.replace('uuid:a', 'uuid:b') },
    ]);
  });

  it.each([409, 412])('are read again, and changed anew, after %i of two writers', async (status) => {
    let reads = 0;
    const { book, requests } = await open(({ method, headers }) => {
      if (method === 'GET') return stored(GROUP, `"${++reads}"`);
      return { status: headers['if-match'] === '"2"' ? 204 : status };
    });
    await expect(book.changeGroup(href('g.vcf'), { join: ['b'], leave: [] })).resolves.toBe('changed');
    expect(requests().map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT']);
  });

  it.each([409, 423, 425])('are left for the next cycle where %i lasts', async (status) => {
    const { book } = await open(({ method }) => (method === 'GET' ? stored(GROUP) : { status }));
    await expect(book.changeGroup(href('g.vcf'), { join: ['b'], leave: [] })).rejects.toMatchObject({
      code: 'transient',
    });
  });

  it('are not written where nothing changes', async () => {
    const { book, requests } = await open(() => stored(GROUP));
    await expect(book.changeGroup(href('g.vcf'), { join: ['a'], leave: ['b'] })).resolves.toBe('unchanged');
    expect(requests()).toHaveLength(1);
  });

  it.each<[string, ScriptedAnswer]>([
    ['a group that is gone', { status: 404 }],
    ['a group that has become a contact', stored(GROUP.replace('KIND:group', 'KIND:individual'))],
  ])('are missing where there is %s', async (_, answer) => {
    const { book } = await open(() => answer);
    await expect(book.changeGroup(href('g.vcf'), { join: ['a'], leave: [] })).rejects.toMatchObject({
      code: 'missing',
    });
  });

  it('are named where one of them is gone', async () => {
    const others = GROUP.replace('UID:g', 'UID:h').replace('Feed', 'Jail');
    server().play(discovery(() => multistatus(cardResponse('h.vcf', others), cardResponse('g.vcf', GROUP))));
    const book = await openAddressBook({ url: server().url, username: 'ann', http: server().http });
    server().play(() => ({ status: 404 }));
    await expect(book.changeGroup(href('g.vcf'), { join: ['a'], leave: [] })).rejects.toMatchObject({
      message: 'The contact group Feed is gone',
      hint: expect.stringContaining('setup --apply'),
    });
  });

  it('are made under a UID of their own; one whose first answer was lost is there', async () => {
    let puts = 0;
    const { book, requests } = await open(() => ({ status: puts++ === 0 ? 500 : 412 }));
    await book.createGroup('Feed');
    expect(requests()).toMatchObject([{ method: 'PUT', headers: { 'if-none-match': '*' } }, { method: 'PUT' }]);
    const [, uid] = /\r\nUID:([0-9a-f-]{36})\r\n/.exec(requests()[0]?.body ?? '') ?? [];
    expect(requests()[0]?.path).toBe(`${BOOK}${uid}.vcf`);
  });
});
