/** Of providers of mail the domains: where one logs in there, and how their servers are known, nobody asks. */
export function domainsAlone(source) {
  const { providers } = JSON.parse(source);
  const domains = providers?.flatMap((provider) => provider.domains ?? []) ?? [];
  if (domains.length === 0)
    throw new Error('emailproviders.json looks different from what src/bundle/data-alone.mjs knows');
  return JSON.stringify({ providers: [{ domains }] });
}

/** The scripts that are written today, in which registries give domains (UAX 31, table 5). */
const SCRIPTS =
  /^[\p{scx=Arabic}\p{scx=Armenian}\p{scx=Bengali}\p{scx=Cyrillic}\p{scx=Devanagari}\p{scx=Ethiopic}\p{scx=Georgian}\p{scx=Greek}\p{scx=Gujarati}\p{scx=Gurmukhi}\p{scx=Han}\p{scx=Hangul}\p{scx=Hebrew}\p{scx=Hiragana}\p{scx=Kannada}\p{scx=Katakana}\p{scx=Khmer}\p{scx=Lao}\p{scx=Latin}\p{scx=Malayalam}\p{scx=Myanmar}\p{scx=Oriya}\p{scx=Sinhala}\p{scx=Tamil}\p{scx=Telugu}\p{scx=Thaana}\p{scx=Thai}\p{scx=Tibetan}\p{scx=Common}]$/u;

/**
 * Of what looks like something else: the characters that a domain may have in the form that people see (letters, marks and
 * digits in lower case, in their one form), and that look like what most domains are made of.
 */
export function confusablesInDomains(source) {
  const kept = Object.entries(JSON.parse(source)).filter(
    ([character, prototype]) =>
      /^[\p{L}\p{M}\p{N}]$/u.test(character) &&
      SCRIPTS.test(character) &&
      character === character.normalize('NFKC').toLowerCase() &&
      /^[a-z0-9]+$/i.test(prototype),
  );
  if (kept.length === 0) throw new Error('unhomoglyph looks different from what src/bundle/data-alone.mjs knows');
  return JSON.stringify(Object.fromEntries(kept));
}
