/** An element; names are without their prefix, which is enough where no two vocabularies share one. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** All character data directly inside, joined. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const TOKEN =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<[?!][^>]*>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>|([^<]+)/y;

/** The root element; undefined where the text is not well-formed. */
export function parseXml(text: string): Element | undefined {
  const root = { name: '', attributes: {}, children: [] as Element[], text: '' };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, cdata, closing, opening, attributes, isEmpty, characters] = match;
    const current = open.at(-1) as typeof root;
    if (closing !== undefined) {
      if (open.length === 1 || open.pop()?.name !== localName(closing)) return undefined;
    } else if (opening !== undefined) {
      const element = {
        name: localName(opening),
        attributes: parseAttributes(attributes ?? ''),
        children: [],
        text: '',
      };
      current.children.push(element);
      if (isEmpty !== '/') open.push(element);
    } else current.text += cdata ?? unescapeXml(characters ?? '');
  }
  return open.length === 1 ? root.children[0] : undefined;
}

export function childNamed(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((child) => child.name === name);
}

export function childrenNamed(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** As Cyrus writes cards. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function parseAttributes(text: string): Readonly<Record<string, string>> {
  if (text === '') return {};
  const pairs = text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return Object.fromEntries(
    Array.from(pairs, ([, name = '', one, other]) => [localName(name), unescapeXml(one ?? other ?? '')]),
  );
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
