/** Shorter ones are no secrets, and would blot out half of every text. */
const SHORTEST = 4;
/** Only from this length on is the lower-case form of a secret no ordinary word. */
const SHORTEST_LOWERED = 12;

/** What every spelling of a character but the plain one begins with. */
const ESCAPE = /[%\\]/;

/**
 * Takes secrets out of texts, however a server may give them back: as they are, percent-encoded (RFC 3986, section 2.1),
 * escaped as JSON does it, any mixture of these, or in lower case, as host names are.
 */
export function redaction(secrets: readonly string[], mark: string): (text: string) => string {
  const spelled = secrets
    .filter((secret) => secret.length >= SHORTEST)
    // Padding is the first thing that gets lost of Base64.
    .map((secret) => secret.replace(/=+$/, ''))
    .flatMap((secret) => (secret.length < SHORTEST_LOWERED ? [secret] : [secret, secret.toLowerCase()]));
  // The longest first: a secret may begin with another one.
  const forms = [...new Set(spelled)].sort((one, other) => other.length - one.length);
  // To make the patterns costs more than the log of an idle cycle, and few texts need them.
  let patterns: readonly RegExp[] | undefined;
  return (text) => {
    if (!ESCAPE.test(text)) return forms.reduce((rest, form) => rest.replaceAll(form, () => mark), text);
    patterns ??= forms.map(patternFor);
    return patterns.reduce((rest, pattern) => rest.replace(pattern, () => mark), text);
  };
}

function patternFor(secret: string): RegExp {
  return new RegExp([...secret].map(anySpellingOf).join(''), 'gu');
}

function anySpellingOf(character: string): string {
  const literal = character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  const bytes = [...Buffer.from(character)].map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`).join('');
  const unit = character.codePointAt(0) ?? 0;
  const spellings = [literal, bytes, `\\\\u${anyCase(unit.toString(16).padStart(4, '0'))}`];
  return `(?:${(/["\\/]/.test(character) ? [`\\\\${literal}`, ...spellings] : spellings).join('|')})`;
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
