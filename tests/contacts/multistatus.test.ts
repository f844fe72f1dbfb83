import { readResponse } from '../../src/contacts/multistatus';
import { createPreconditionReader } from '../../src/contacts/precondition';
import { readXml } from './read-xml';

/** What is made of the response with this in it. */
function read(inside: string) {
  const [element] = readXml(`<D:multistatus xmlns:D="DAV:"><D:response>${inside}</D:response></D:multistatus>`);
  if (element === undefined) throw new Error('no response');
  return readResponse(element);
}

describe('a response in a multistatus', () => {
  it.each([
    ['<D:status>HTTP/1.1 404 Not Found</D:status>', 404],
    ['<D:status>\n HTTP/2 507\n</D:status>', 507],
    ['<D:status>HTTP/1.1  423 Locked</D:status>', 423],
    ['<D:status>404</D:status>', 207],
    ['<D:status>HTTP/1.1 4040</D:status>', 207],
    ['<D:status>an HTTP/1.1 404</D:status>', 207],
    ['<D:status/>', 207],
    ['', 207],
  ])('has the status of %j', (inside, status) => {
    expect(read(inside).status).toBe(status);
  });

  it.each([
    ['<D:status>HTTP/1.1 200 OK</D:status>', true],
    ['<D:status>HTTP/1.1 299 x</D:status>', true],
    ['<D:status>HTTP/1.1 199 x</D:status>', false],
    ['<D:status>HTTP/1.1 300 x</D:status>', false],
    ['', true],
  ])('has the properties that are there: %j', (status, isThere) => {
    const { properties } = read(
      `<D:propstat><D:prop><D:getetag>1</D:getetag></D:prop>${status}</D:propstat><D:propstat><D:prop><D:owner/></D:prop></D:propstat>`,
    );
    expect([...properties.keys()]).toEqual(isThere ? ['{DAV:}getetag', '{DAV:}owner'] : ['{DAV:}owner']);
  });

  it('has every href, without the space around it', () => {
    expect(read('<D:href>\n /a </D:href><D:href>/b</D:href>').hrefs).toEqual(['/a', '/b']);
  });
});

describe('the precondition in the body of an error', () => {
  const found = (...pieces: readonly string[]) => {
    const reader = createPreconditionReader();
    for (const piece of pieces) reader.write(Buffer.from(piece));
    return reader.found();
  };

  it.each([
    ['the first one', ['<error xmlns="DAV:"><a/><b/></error>'], 'a'],
    ['of any namespace', ['<D:error xmlns:D="DAV:"><x:a xmlns:x="u:x"/></D:error>'], 'a'],
    ['in pieces', ['<error xmlns="DAV:"><a/', '></error>'], 'a'],
    ['before what makes no sense', ['<error xmlns="DAV:"><a/></b>', '<c/>'], 'a'],
    ['none in what else is XML', ['<error><a/></error>'], null],
    ['none behind what makes no sense', ['<p>', '</q>', '<error xmlns="DAV:"><a/></error>'], null],
    ['none in a page', ['<!DOCTYPE html><html>'], null],
    ['none in nothing', [], null],
  ])('is %s', (_, pieces, name) => {
    expect(found(...pieces)).toBe(name);
  });
});
