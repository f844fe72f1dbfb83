/** What is known of domains besides their letters: data of packages, which are handed in. */
export interface DomainLore {
  /** True for a domain at which people have addresses who have nothing to do with each other. */
  readonly isPublicDomain: (domain: string) => boolean;
  /** A domain with the letters that people see in it, in place of their ASCII form (`xn--…`, RFC 5890, section 2.3.2.1). */
  readonly toUnicode: (domain: string) => string;
  /** What texts have in common that are taken for each other: the skeleton of Unicode TR 39, section 4, without case. */
  readonly skeletonOf: (text: string) => string;
}

/** A domain as people see it, and as they may mistake it, character by character. */
export interface DomainForms {
  readonly domain: string;
  readonly shown: readonly string[];
  readonly skeleton: readonly string[];
}

/** The forms in which domains are held against each other. */
export function formsOf(domain: string, { toUnicode, skeletonOf }: DomainLore): DomainForms {
  const shown = toUnicode(domain);
  return { domain: shown, shown: Array.from(shown), skeleton: Array.from(skeletonOf(shown)) };
}

/** True for two domains that differ by one character, or in characters that look like others, or in both. */
export function isLookAlike(one: DomainForms, other: DomainForms): boolean {
  if (one.domain === other.domain) return false;
  return isWithinOneEdit(one.shown, other.shown) || isWithinOneEdit(one.skeleton, other.skeleton);
}

/**
 * Texts of which each address at a look-alike of the domain holds one, unless that one has characters that look like others:
 * what differs is on one side of a border, and the other side is as it was. The first part leaves out the character before
 * the border: where that one and its neighbour have changed places, the first part is whole.
 */
export function textsInLookAlikes(domain: string, lore: DomainLore): readonly string[] {
  const shown = lore.toUnicode(domain);
  const skeleton = lore.skeletonOf(shown);
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
export function isWithinOneEdit(one: readonly string[], other: readonly string[]): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  let end = 0;
  while (end < short.length - start && short.at(-1 - end) === long.at(-1 - end)) end += 1;
  const left = long.length - start - end;
  if (left <= 1) return true;
  const isSwapped = short[start] === long[start + 1] && short[start + 1] === long[start];
  return left === 2 && short.length === long.length && isSwapped;
}
