import type { Settings } from '../config';
import type { AddressBook, Mail } from '../ports';
import { failsDmarc } from '../triage/authentication';
import { letsIn, similarityTo } from '../triage/caution';
import { isCategory } from '../triage/decision';
import type { Judgement } from '../triage/judge';
import { type CautionsOf, cautionsBy } from '../triage/plan-cautions';
import { displayNameOf } from '../triage/sender';

/**
 * Reads what may be a reason for caution with those who are let in: contacts of their names, and with addresses at domains
 * like theirs, one request for some twenty senders; and what the mail server says of the labelled messages, where it is
 * known what it calls itself. No request where nobody is let in.
 */
export async function readCautions(
  { verdicts }: Judgement,
  { mail, book }: { readonly mail: Mail; readonly book: AddressBook },
  { categories, authservIds }: Pick<Settings, 'categories' | 'authservIds'>,
): Promise<CautionsOf> {
  const letIn = verdicts.filter(
    ({ decision, subject }) => isCategory(decision) && letsIn(decision, categories) && subject.kind !== 'list',
  );
  if (letIn.length === 0) return () => [];
  const { domainLore } = await import('../domains/look-alikes');
  const parties = letIn.map(({ subject, labelled }) => ({
    address: subject.address,
    names: subject.kind === 'sender' ? labelled.map(displayNameOf) : [],
  }));
  const ids = letIn.flatMap(({ labelled }) => labelled.map(({ id }) => id));
  const [similar, dmarcFailures] = await Promise.all([
    book.findSimilar(similarityTo(parties, domainLore)),
    readDmarcFailures(ids, mail, authservIds),
  ]);
  return cautionsBy({ similar, lore: domainLore, dmarcFailures });
}

/** Those of the messages of which the mail server says that DMARC failed. No request where none of its words is believed. */
export async function readDmarcFailures(
  ids: readonly string[],
  mail: Mail,
  authservIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (authservIds.length === 0) return new Set();
  const results = await mail.authenticationResults(ids);
  return new Set([...results].filter(([, values]) => failsDmarc(values, authservIds)).map(([id]) => id));
}
