import { createXmlReader, type XmlElement } from '../../src/contacts/xml-reader';

/** What is in the root of a document that comes in pieces of this many bytes. @throws XmlError */
export function readXml(
  xml: string,
  { pieceLength = 65_536, ...reading }: { longText?: string; pieceLength?: number } = {},
): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const reader = createXmlReader({ ...reading, onElement: (element) => found.push(element) });
  const bytes = Buffer.from(xml);
  for (let at = 0; at < bytes.length; at += pieceLength) reader.write(bytes.subarray(at, at + pieceLength));
  reader.end();
  return found;
}
