import { domainToUnicode } from 'node:url';
import confusables from 'unhomoglyph/data.json';
import type { DomainLore } from '../triage/look-alike';
import { isPublicDomain } from './public-domains';

/** What is known of domains besides their letters. */
export const domainLore: DomainLore = {
  isPublicDomain,
  // '' for what is no domain.
  toUnicode: (domain) => domainToUnicode(domain) || domain,
  skeletonOf,
};

/** Unicode's table of what looks like what, or the part of it that a domain can have. */
const PROTOTYPES = new Map<string, string>(Object.entries(confusables));

/** Lower case comes last: the table has `O` for `0`. `rn` is what it has for `m`. */
function skeletonOf(text: string): string {
  return Array.from(text.normalize('NFD'), (character) => PROTOTYPES.get(character) ?? character)
    .join('')
    .normalize('NFD')
    .toLowerCase();
}
