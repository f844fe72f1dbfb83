/**
 * True for a text of letters and signs of the West alone: each is seen, and has one column. The patterns that look at all
 * others cost more when they are made than the log of an idle cycle.
 */
export function isPlain(text: string): boolean {
  return /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2015\u2018-\u2027\u2190-\u2193]*$/.test(text);
}

let invisible: RegExp | undefined;

/**
 * Text that a terminal shows as it is: line breaks, control characters, marks that turn the direction of writing, and
 * whatever else nobody would see (zero-width and ignorable characters, halves of surrogate pairs) are written as JSON
 * writes them (`\u001b`), so that JSON stays the same JSON. What joins emoji and the letters of the scripts that need it
 * stays.
 */
export function escapeInvisible(line: string): string {
  if (isPlain(line)) return line;
  invisible ??= invisiblePattern();
  return line.replace(invisible, (characters) =>
    Array.from({ length: characters.length }, (_, index) => {
      return `\\u${characters.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** What nobody would see, however it is written. */
function invisiblePattern(): RegExp {
  const joining = JOINING.map((script) => `\\p{Script=${script}}`).join('');
  return new RegExp(
    [
      '(?=[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}])',
      // The style of an emoji, and what joins it to the next.
      '(?!(?<=\\p{Extended_Pictographic}\\p{Emoji_Modifier}?)\\ufe0f)',
      '(?!(?<=[0-9#*])\\ufe0f\\u20e3)',
      '(?!(?<=\\p{Extended_Pictographic}\\p{Emoji_Modifier}?\\ufe0f?)\\u200d\\p{Extended_Pictographic})',
      `(?!(?<=[${joining}])[\\u200c\\u200d][${joining}])`,
      '.',
    ].join(''),
    'gsu',
  );
}

/** Scripts whose words are written with U+200C and U+200D (RFC 5892, appendix A). */
const JOINING = [
  ...['Arabic', 'Bengali', 'Devanagari', 'Gujarati', 'Gurmukhi', 'Kannada', 'Khmer', 'Malayalam'],
  ...['Mongolian', 'Myanmar', 'Oriya', 'Sinhala', 'Syriac', 'Tamil', 'Telugu'],
];

/** `1 message`, `2 messages`. */
export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `Feed 3, Jail 1`. */
export function counted(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
