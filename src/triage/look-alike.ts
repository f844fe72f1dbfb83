/** What is known of domains besides their letters: data of packages, which are handed in. */
export interface DomainLore {
  /** True for a domain at which people have addresses who have nothing to do with each other. */
  readonly isPublicDomain: (domain: string) => boolean;
  /** A domain with the letters that people see in it, in place of their ASCII form (`xn--…`, RFC 5890, section 2.3.2.1). */
  readonly toUnicode: (domain: string) => string;
  /** What texts have in common that are taken for each other: the skeleton of Unicode TR 39, section 4, without case. */
  readonly skeletonOf: (text: string) => string;
}

/** True for two domains that differ by one character, or in characters that look like others, or in both. */
export function isLookAlike(domain: string, other: string, lore: DomainLore): boolean {
  const [shown, skeleton] = formsOf(domain, lore);
  const [otherShown, otherSkeleton] = formsOf(other, lore);
  if (shown === otherShown) return false;
  return isWithinOneEdit(shown, otherShown) || isWithinOneEdit(skeleton, otherSkeleton);
}

/**
 * Texts of which each address at a look-alike of the domain holds one, unless that one has characters that look like others:
 * what differs is on one side of a border, and the other side is as it was. The first part leaves out the character before
 * the border: where that one and its neighbour have changed places, the first part is whole.
 */
export function textsInLookAlikes(domain: string, lore: DomainLore): readonly string[] {
  const [shown, skeleton] = formsOf(domain, lore);
  return [
    ...new Set(
      // The skeleton of m is rn: what is looked for is written with an m, in each .com for one.
      [shown, skeleton.replaceAll('rn', 'm')].flatMap((form) => {
        const characters = Array.from(form);
        // The first part is rarer than its length says, as it begins with the @, and ends of domains are much the same.
        const border = Math.ceil(characters.length / 3);
        return [`@${characters.slice(0, border - 1).join('')}`, characters.slice(border).join('')];
      }),
    ),
  ];
}

/** True where any part of the domain is more than ASCII, in its ASCII form or not. */
export function isInternational(domain: string): boolean {
  return /[^\x20-\x7e]|(^|\.)xn--/i.test(domain);
}

/** True for equal texts, and for those that one character makes equal: put in, taken out, another one, or two neighbours that change places. */
export function isWithinOneEdit(one: string, other: string): boolean {
  const [short, long] = [Array.from(one), Array.from(other)].sort((a, b) => a.length - b.length) as [
    string[],
    string[],
  ];
  const added = long.length - short.length;
  if (added > 1) return false;
  const at = long.findIndex((character, index) => character !== short[index]);
  if (at < 0) return true;
  const rest = (characters: readonly string[], from: number) => characters.slice(from).join('');
  if (added === 1) return rest(long, at + 1) === rest(short, at);
  if (rest(long, at + 1) === rest(short, at + 1)) return true;
  const hasSwapped = long[at] === short[at + 1] && long[at + 1] === short[at];
  return hasSwapped && rest(long, at + 2) === rest(short, at + 2);
}

/** A domain as people see it, and as they may mistake it. */
function formsOf(domain: string, { toUnicode, skeletonOf }: DomainLore): readonly [string, string] {
  const shown = toUnicode(domain);
  return [shown, skeletonOf(shown)];
}
