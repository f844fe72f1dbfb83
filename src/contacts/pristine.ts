import { createHash } from 'node:crypto';
import { type Card, propertiesOf, uidOf } from './card';
import { components, unescapeText } from './text-value';

/** Over what Mailroom wrote, NOTE aside: tells a card that the user has changed since. */
export const DIGEST = 'X-MAILROOM-DIGEST';
/** All that Mailroom writes into a contact, and what servers add by themselves. */
const OWN_PROPERTIES = new Set(['VERSION', 'PRODID', 'UID', 'FN', 'N', 'ORG', 'EMAIL', 'NOTE', DIGEST, 'REV']);

/**
 * True for a contact that Mailroom made and whose properties, as far as they are here and NOTE aside, are as it made
 * them: nothing added, nothing changed.
 */
export function isPristine(card: Card): boolean {
  const stated = propertiesOf(card, DIGEST)[0]?.value.trim();
  if (stated === undefined || card.properties.some(({ name }) => !OWN_PROPERTIES.has(name))) return false;
  const plain = card.properties.every(({ name, parameters }) =>
    parameters.every((one) => name === 'EMAIL' && one.name === 'TYPE' && /^internet$/i.test(one.values.join())),
  );
  const texts = (name: string) => propertiesOf(card, name).map(({ value }) => unescapeText(value));
  const [name = '', ...otherNames] = texts('FN');
  const [organisation = null, ...otherOrganisations] = texts('ORG');
  const [family = '', given = '', ...otherParts] = components(propertiesOf(card, 'N')[0]?.value ?? '');
  const facts = { uid: uidOf(card) ?? '', name, n: [family, given], organisation, emails: texts('EMAIL') };
  const nothingElse = [...otherNames, ...otherOrganisations, ...otherParts].every((text) => text === '');
  return plain && nothingElse && stated === digest(facts);
}

/** What of a contact goes into its digest. */
export interface OwnFacts {
  readonly uid: string;
  readonly name: string;
  readonly n: readonly string[];
  readonly organisation: string | null;
  readonly emails: readonly string[];
}

/** Over meanings, not bytes: servers fold and escape as they like. */
export function digest({ uid, name, n, organisation, emails }: OwnFacts): string {
  const meaning = JSON.stringify([uid, name, n, organisation, emails]);
  return createHash('sha256').update(meaning).digest('hex').slice(0, 32);
}
