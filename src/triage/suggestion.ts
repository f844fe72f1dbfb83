import { domainOf } from './address';
import type { Category } from './category';
import type { WaitingSender } from './queue';
import type { RecordedVerdict } from './recorded';

/** A verdict that may fit a sender, and what speaks for it. */
export interface Suggestion {
  readonly category: Category;
  readonly because: string;
}

/** What shops and offices write over it, in the languages that most of it is in. */
const RECEIPT =
  /\b(receipts?|invoices?|your order|order (confirmation|number)|payment|shipped|delivery|rechnung|quittung|bestellung|bestellbestätigung|zahlung|facture|reçu|commande|factura|recibo|pedido)\b/iu;

/**
 * A verdict that may fit the sender, null where nothing speaks for one: that of all other senders of its domain; else the
 * category Feed for mailing lists, and Paper Trail for receipts, where the settings have these.
 */
export function suggestionFor(
  { domain, subject, list }: WaitingSender,
  verdicts: readonly RecordedVerdict[],
  categories: readonly Category[],
): Suggestion | null {
  const named = (name: string) => categories.find((category) => category.name === name);
  const ofDomain = domain === null ? [] : standingVerdicts(verdicts).filter(([other]) => domainOf(other) === domain);
  const names = new Set(ofDomain.map(([, name]) => name));
  const [name] = names;
  const [paperTrail, feed] = [named('Paper Trail'), named('Feed')];
  const domains = names.size === 1 && name !== undefined ? named(name) : undefined;
  if (domains !== undefined) return { category: domains, because: `others of ${domain} are there` };
  if (paperTrail !== undefined && RECEIPT.test(subject)) {
    return { category: paperTrail, because: 'it looks like a receipt' };
  }
  if (feed !== undefined && list) return { category: feed, because: 'it has the headers of a mailing list' };
  return null;
}

/** The last verdict on each sender. `verdicts`: the newest first. */
function standingVerdicts(verdicts: readonly RecordedVerdict[]): readonly (readonly [sender: string, name: string])[] {
  const last = new Map<string, string>();
  for (const { subject, category } of verdicts) {
    if (subject !== null && subject.kind !== 'list' && !last.has(subject.address)) last.set(subject.address, category);
  }
  return [...last];
}
