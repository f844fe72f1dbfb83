/** A content line (RFC 6350, section 3.3). */
export interface ContentLine {
  /** Without its `item1.`; upper case. */
  readonly name: string;
  readonly isGrouped: boolean;
  /** Unescaped. */
  readonly value: string;
  /** The same with A to Z in lower case. */
  readonly folded: string;
  /** The line as it stands, unfolded. */
  readonly text: string;
}

/** Names that the two versions of groups give the same things. */
const NAMES_OF_4_IN_3: Readonly<Record<string, string>> = {
  KIND: 'x-addressbookserver-kind',
  MEMBER: 'x-addressbookserver-member',
};
const NAMES_OF_3_IN_4 = Object.fromEntries(
  Object.entries(NAMES_OF_4_IN_3).map(([four, three]) => [three.toUpperCase(), four]),
);

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
export function selectProperties(card: readonly ContentLine[], names: readonly string[]): readonly ContentLine[] {
  const wanted = names.map((name) => name.toUpperCase());
  return card.filter(({ name }) => wanted.includes(name));
}

/** The card in the other version, as far as groups need it: what else differs between the versions stays as it is. */
export function convertCard(card: readonly ContentLine[], version: string): readonly ContentLine[] {
  if (propertyValue(card, 'VERSION') === version) return card;
  const names = version === '3.0' ? NAMES_OF_4_IN_3 : NAMES_OF_3_IN_4;
  return card.map((line) => {
    if (line.name === 'VERSION') return parseLine(`VERSION:${version}`);
    const renamed = names[line.name];
    return renamed === undefined ? line : parseLine(renamed + line.text.slice(line.name.length));
  });
}

/** The text of a card. */
export function frame(card: readonly ContentLine[]): string {
  return ['BEGIN:VCARD', ...card.map(({ text }) => text), 'END:VCARD', ''].join('\r\n');
}

export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function parseLine(text: string): ContentLine {
  const [, head = text, escaped = ''] = /^((?:"[^"]*"|[^":])*):(.*)$/s.exec(text) ?? [];
  const [prefixed = ''] = head.split(';', 1);
  const dot = prefixed.indexOf('.');
  const value = escaped.replace(/\\([\\,;:nN])/g, (_, character: string) => (/n/i.test(character) ? '\n' : character));
  return {
    name: prefixed.slice(dot + 1).toUpperCase(),
    isGrouped: dot >= 0,
    value,
    folded: foldAscii(value),
    text,
  };
}
