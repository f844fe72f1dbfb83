import { isWholeMultistatus, pieces } from '../../src/contacts/multistatus';

const element = (i: number, inside = '') => `<D:response><D:href>/${i}</D:href>${inside}</D:response>`;
const HEAD = '<?xml version="1.0"?><!-- <D:response> --><D:multistatus xmlns:D="DAV:">\n';
const TAIL = '<D:sync-token>1</D:sync-token></D:multistatus>\n';
const document = (elements: readonly string[]) => `${HEAD}${elements.join('\n')}${TAIL}`;
const hrefs = (xml: string) => [...xml.matchAll(/href>([^<]+)</g)].map((match) => match[1]);

describe('a multistatus in pieces', () => {
  it.each([0, 1, 199, 200, 201, 450])('has each of %d elements once, in pieces that are whole', (count) => {
    const elements = Array.from({ length: count }, (_, i) => element(i));
    const found = [...pieces(document(elements))];
    expect(found.flatMap(hrefs)).toEqual(elements.flatMap(hrefs));
    for (const piece of found) {
      expect(piece.startsWith(HEAD)).toBe(true);
      expect(isWholeMultistatus(piece)).toBe(true);
      expect(hrefs(piece).length).toBeLessThanOrEqual(200);
    }
  });

  it('is not cut where a card or a comment looks like an element', () => {
    const trap = '<![CDATA[</D:response><D:response>]]><!-- </D:response> -->';
    const elements = Array.from({ length: 250 }, (_, i) => element(i, trap));
    const found = [...pieces(document(elements))];
    expect(found).toHaveLength(2);
    expect(found.join('').split(trap)).toHaveLength(251);
    expect(found[0]?.endsWith(`${element(199, trap)}</D:multistatus>\n`)).toBe(true);
  });

  it('knows elements without a prefix and with attributes', () => {
    const xml = `<multistatus>${'<response xmlns="DAV:" ><href>/a</href></response >'.repeat(201)}</multistatus>`;
    expect([...pieces(xml)].map((piece) => hrefs(piece).length)).toEqual([200, 1]);
  });

  it.each(['', '<html></html>', '<a><multistatus></a>', `${HEAD}${element(1).repeat(300)}`])(
    'stays as it is where it is none: %.20s',
    (xml) => {
      expect([...pieces(xml)]).toEqual([xml]);
      expect(isWholeMultistatus(xml)).toBe(false);
    },
  );
});
