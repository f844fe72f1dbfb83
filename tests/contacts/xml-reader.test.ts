import { fromBytes } from '../../src/contacts/bytes';
import { createXmlReader, XmlError } from '../../src/contacts/xml-reader';
import { quickest, timeRatio } from '../support/time-ratio';
import { readXml } from './read-xml';

describe('reading XML', () => {
  it.each([1, 2, 3, 7, 1_000])('gives the same whatever the pieces are: %d bytes each', (pieceLength) => {
    const xml =
      '<?xml version="1.0"?><a xmlns="u:1" xmlns:p="u:2"><b c="d&lt;">é😀 &amp; <![CDATA[<x>]]]]><![CDATA[>]]></b><p:b><c/></p:b></a>\n';
    expect(readXml(xml, { pieceLength }).map((element) => ({ ...element, text: fromBytes(element.text) }))).toEqual([
      { name: '{u:1}b', attributes: { c: 'd<' }, children: [], text: 'é😀 & <x>]]>' },
      {
        name: '{u:2}b',
        attributes: {},
        children: [{ name: '{u:1}c', attributes: {}, children: [], text: '' }],
        text: '',
      },
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])(
    'takes brackets for the end of CDATA where they are, in pieces of %d bytes',
    (pieceLength) => {
      const texts = [']', ']]', 'x]é', 'é]]é]', ']]]', '>]x]]y]]]é]>', 'x'.repeat(20)];
      const xml = `<a>${texts.map((text) => `<b><![CDATA[${text}]]></b>`).join('')}</a>`;
      expect(readXml(xml, { pieceLength }).map(({ text }) => fromBytes(text))).toEqual(texts);
    },
  );

  it.each([
    ['no namespace', '<a/>', '{}a'],
    ['no namespace of a long name', '<name/>', '{}name'],
    ['a default namespace', '<a xmlns="u:"/>', '{u:}a'],
    ['a prefix', '<x:a xmlns:x="u:"/>', '{u:}a'],
    ['a namespace from outside', '<x:r xmlns:x="u:"><x:a/></x:r>', '{u:}a'],
    ['a namespace that hides another', '<r xmlns="o:"><a xmlns="u:"/></r>', '{u:}a'],
    ['a namespace that ends', '<r><b xmlns="u:"/><a/></r>', '{}a'],
    ['a default namespace that is taken back', '<r xmlns="u:"><a xmlns=""/></r>', '{}a'],
    ['the namespace of xml', '<xml:a/>', '{http://www.w3.org/XML/1998/namespace}a'],
  ])('knows %s', (_, xml, name) => {
    const [element] = readXml(`<root>${xml}</root>`);
    expect((element?.children.at(-1) ?? element)?.name).toBe(name);
  });

  it('hands elements over as they are whole', () => {
    const seen: string[] = [];
    const reader = createXmlReader({ onElement: ({ name }) => seen.push(name) });
    reader.write(Buffer.from('<r><a></a><b>'));
    expect(seen).toEqual(['{}a']);
  });

  it('takes control characters in a text, which servers send as they stand in cards', () => {
    expect(readXml('<r><a><![CDATA[x\u000by]]></a></r>')[0]?.text).toBe('x\u000by');
  });

  it.each([
    '',
    ' ',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>text',
    '<a',
    '<a b="c',
    '<a b=c/>',
    '<a><![CDATA[x]]</a>',
    '<a>&unknown;</a>',
    '<a>& b</a>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    '<a><!-- x </a>',
    '<p:a/>',
    '<a p:b=""><p:c/></a>',
    '<!DOCTYPE html><html/>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a><!ELEMENT b></a>',
    '<a hasOwnProperty="" b=""/>',
    '\u0000',
  ])('is an error where there is no whole document: %j', (xml) => {
    expect(() => readXml(xml)).toThrow(XmlError);
  });

  it.each([
    ['depth', '<a>'.repeat(100) + '</a>'.repeat(100)],
    ['elements in one', `<a>${'<b/>'.repeat(20_000)}</a>`],
    ['attributes', `<a ${Array.from({ length: 100 }, (_, i) => `a${i}=""`).join(' ')}/>`],
    ['a name', `<${'a'.repeat(200_000)}/>`],
    ['an attribute', `<a b="${'x'.repeat(200_000)}"/>`],
    ['a text', `<a>${'x'.repeat(200_000)}</a>`],
    ['a comment', `<a><!--${'x'.repeat(200_000)}--></a>`],
  ])('is an error where there is too much of it: %s', (_, xml) => {
    expect(() => readXml(`<r>${xml}</r>`, { pieceLength: 1_000_000 })).toThrow(XmlError);
  });

  it('takes any amount of space between elements', () => {
    expect(readXml(`<r>${' '.repeat(70_000)}<a/></r>`)).toHaveLength(1);
  });

  it('takes any number of elements one after the other, and any length of text where that is wanted', () => {
    expect(readXml(`<r>${'<a/>'.repeat(20_000)}</r>`)).toHaveLength(20_000);
    expect(readXml(`<r><a>${'x'.repeat(1_000_000)}</a></r>`, { longText: '{}a' })[0]?.text).toHaveLength(1_000_000);
  });

  it('gives the parser no more than the ends of long CDATA, as it looks at each letter', () => {
    const text = 'x'.repeat(4_000_000);
    const [ofText, ofCdata] = [text, `<![CDATA[${text}]]>`].map((content) =>
      quickest(() => readXml(`<r><a>${content}</a></r>`, { longText: '{}a' })),
    ) as [number, number];
    expect(ofCdata).toBeLessThan(ofText / 2);
  });

  const endless: readonly (readonly [string, (piece: string) => string, string])[] = [
    ['text', (piece) => `<a>${piece}</a>`, 'x'],
    ['references', (piece) => `<a>${piece}</a>`, '&amp;'],
    ['CDATA that all but ends', (piece) => `<a><![CDATA[${piece}]]></a>`, ']]x'],
    ['CDATA sections', (piece) => `<a>${piece}</a>`, '<![CDATA[]]>'],
    ['elements', (piece) => `<a>${piece}</a>`, '<b/>'],
    ['elements that are nested', (piece) => piece, '<a>'],
    ['ends', (piece) => `<a>${piece}`, '</a>'],
    ['angle brackets', (piece) => `<a>${piece}`, '<'],
    ['a tag of spaces', (piece) => `<a ${piece}/>`, ' '],
    ['namespaces', (piece) => `<a>${piece}</a>`, '<b xmlns="x" xmlns:y="z"/>'],
    ['a comment', (piece) => `<a><!--${piece}--></a>`, '-x'],
    ['an instruction', (piece) => `<?a ${piece}?><a/>`, '?x'],
    ['something like errors', (piece) => piece, '<error<error'],
    ['something like ends of a multistatus', (piece) => piece, '</multistatus '],
  ];
  it.each(endless)('takes time in proportion to its length: %s', (_, document, piece) => {
    const attempt = (xml: string) => {
      try {
        readXml(xml, { longText: '{}a' });
      } catch (error) {
        if (!(error instanceof XmlError)) throw error;
      }
    };
    const ratio = timeRatio((length) => document(piece.repeat(length / piece.length)), attempt);
    expect(ratio).toBeLessThan(20);
  });
});
