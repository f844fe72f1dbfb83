/** A content line (RFC 6350, section 3.3). */
export interface ContentLine {
  /** Without its `item1.`; upper case. */
  readonly name: string;
  readonly isGrouped: boolean;
  /** Unescaped. */
  readonly value: string;
  /** The line as it stands, unfolded. */
  readonly text: string;
}

/** Names that the two versions of groups give the same things. */
const NAMES_OF_4_IN_3: Readonly<Record<string, string>> = {
  KIND: 'x-addressbookserver-kind',
  MEMBER: 'x-addressbookserver-member',
};

/** The lines between BEGIN and END; undefined for what is no single vCard. */
export function parseCard(text: string): readonly ContentLine[] | undefined {
  const lines = text
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const isCard = /^BEGIN:VCARD$/i.test(lines[0] ?? '') && /^END:VCARD$/i.test(lines.at(-1) ?? '') && lines.length > 2;
  return isCard ? lines.slice(1, -1).map(parseLine) : undefined;
}

/** The value of the first property of that name. */
export function propertyValue(card: readonly ContentLine[], name: string): string | undefined {
  return card.find((line) => line.name === name)?.value;
}

/** The properties that were asked for, and nothing else: not even VERSION (partial retrieval, RFC 6352, section 10.4). */
export function selectProperties(text: string, names: readonly string[]): string {
  const wanted = names.map((name) => name.toUpperCase());
  const lines = (parseCard(text) ?? []).filter(({ name }) => wanted.includes(name));
  return frame(lines.map((line) => line.text));
}

/** The card in the other version, as far as groups need it: what else differs between the versions stays as it is. */
export function convertCard(text: string, version: string): string {
  const card = parseCard(text) ?? [];
  if (propertyValue(card, 'VERSION') === version) return text;
  const names =
    version === '3.0'
      ? NAMES_OF_4_IN_3
      : Object.fromEntries(Object.entries(NAMES_OF_4_IN_3).map(([four, three]) => [three.toUpperCase(), four]));
  return frame(
    card.map((line) => {
      if (line.name === 'VERSION') return `VERSION:${version}`;
      const renamed = names[line.name];
      return renamed === undefined ? line.text : renamed + line.text.slice(line.name.length);
    }),
  );
}

function frame(lines: readonly string[]): string {
  return ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n');
}

function parseLine(text: string): ContentLine {
  const [, head = text, value = ''] = /^((?:"[^"]*"|[^":])*):(.*)$/s.exec(text) ?? [];
  const [prefixed = ''] = head.split(';', 1);
  const dot = prefixed.indexOf('.');
  return {
    name: prefixed.slice(dot + 1).toUpperCase(),
    isGrouped: dot >= 0,
    value: value.replace(/\\([\\,;:nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped)),
    text,
  };
}
