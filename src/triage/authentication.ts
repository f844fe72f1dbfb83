/**
 * True where the mail server itself says that DMARC failed: the topmost `Authentication-Results` (RFC 8601) that names it
 * says `dmarc=fail`. Whoever sends a message may write such headers too, but below those that the server puts on top.
 *
 * @param results values of all `Authentication-Results` headers of a message, the topmost first
 * @param authservIds what the mail server calls itself in them (RFC 8601, section 2.5); none is believed without one
 */
export function failsDmarc(results: readonly string[], authservIds: readonly string[]): boolean {
  const ids = authservIds.map((id) => id.toLowerCase());
  const own = results.map(partsOf).find(([id = '']) => ids.includes(idIn(id)));
  return own?.slice(1).some((part) => /^\s*dmarc\s*(\/\s*\d+\s*)?=\s*fail(\s|$)/i.test(part)) ?? false;
}

/** The name, without the version behind it. */
function idIn(part: string): string {
  const [id = ''] = part.trim().split(/\s/);
  return id.toLowerCase();
}

/** What stands between semicolons, without comments and quotes, in which a semicolon is a character (RFC 5322, section 3.2). */
function partsOf(value: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  let isQuoted = false;
  const add = (text: string): void => {
    if (depth === 0) parts[parts.length - 1] += text;
  };
  for (const [token] of value.matchAll(/\\[\s\S]|[()";]|[^\\()";]+|\\/g)) {
    if (token === '"' && depth === 0) isQuoted = !isQuoted;
    else if (token === '(' && !isQuoted) depth += 1;
    else if (token === ')' && !isQuoted) {
      depth = Math.max(0, depth - 1);
      add(' ');
    } else if (token === ';' && !isQuoted && depth === 0) parts.push('');
    else add(token.length === 2 && token.startsWith('\\') ? token.slice(1) : token);
  }
  return parts;
}
