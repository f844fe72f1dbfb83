/** Elements that are looked at together: as objects they take twenty times the memory of their text. */
const ELEMENTS_AT_ONCE = 200;
const END = /<\/(?:[\w.-]+:)?multistatus\s*>\s*$/;

/** True where the document ends as a multistatus does. */
export function isWholeMultistatus(xml: string): boolean {
  return END.test(xml);
}

/** A long multistatus (RFC 4918, section 13) as several short ones. What is none, or not a whole one, stays as it is. */
export function* pieces(xml: string): Generator<string> {
  const end = END.exec(xml);
  // What stands in CDATA and comments is no element, whatever it looks like.
  const tokens = xml.matchAll(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<(\/?)(?:[\w.-]+:)?response(?:\s[^>]*)?>/g);
  let start: number | undefined;
  let head = '';
  let count = 0;
  for (const { 0: token, 1: slash, index } of tokens) {
    if (end === null) break;
    if (slash === '' && start === undefined) {
      start = index;
      head = xml.slice(0, index);
    }
    if (slash === '/' && ++count % ELEMENTS_AT_ONCE === 0) {
      const stop = index + token.length;
      yield `${head}${xml.slice(start, stop)}${end[0]}`;
      start = stop;
    }
  }
  yield head === '' ? xml : `${head}${xml.slice(start)}`;
}
