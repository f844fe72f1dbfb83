import type { Settings } from '../../config';
import { readDmarcFailures } from '../../cycle/read-cautions';
import type { AddressBook, Mail } from '../../ports';
import { byAddress } from '../../triage/by-address';
import { type Caution, cautionsIn, letsIn, similarityTo } from '../../triage/caution';
import type { WaitingSender } from '../../triage/queue';
import { groupOf } from '../../triage/subject';

/**
 * Sender → why one may want to look twice before one lets it in; those without such a reason are left out. Domains are held
 * against those of the contacts in all groups of senders that are let in.
 *
 * @param ownUidOf the UID of Mailroom's own contact for a sender, which says nothing; null where it is a contact like others
 */
export async function findCautions(
  senders: readonly Pick<WaitingSender, 'sender' | 'name' | 'severalNames' | 'newestId'>[],
  { mail, book }: { readonly mail: Mail; readonly book: AddressBook },
  { categories, authservIds }: Pick<Settings, 'categories' | 'authservIds'>,
  ownUidOf: (sender: string) => string | null = () => null,
): Promise<ReadonlyMap<string, readonly Caution[]>> {
  if (senders.length === 0) return new Map();
  const { domainLore: lore } = await import('../../domains/look-alikes');
  const trusted = categories.filter((category) => letsIn(category, categories));
  const names = new Set(trusted.flatMap((one) => [groupOf(one, 'sender'), groupOf(one, 'domain')]));
  const parties = senders.map(({ sender, name }) => ({ address: sender, names: [name] }));
  const newest = senders.map(({ newestId }) => newestId);
  const [similar, groups, failures] = await Promise.all([
    book.findSimilar(similarityTo(parties, lore)),
    book.readGroups(book.groups.filter(({ name }) => names.has(name)).map(({ href }) => href)),
    readDmarcFailures(newest, mail, authservIds),
  ]);
  const members = new Set(groups.flatMap((group) => group.members));
  const cautionsOn = cautionsIn({ similar, lore });
  const waiting = new Set(senders.map(({ sender }) => sender));
  const known = byAddress(similar, (address) => waiting.has(address));
  const cautions = senders.map(({ sender, name, severalNames, newestId }) => {
    const ownUid = ownUidOf(sender);
    const newcomer = {
      address: sender,
      names: [name],
      severalNames,
      failsDmarc: failures.has(newestId),
      known: (known.get(sender) ?? []).filter(({ uid }) => uid !== ownUid),
      ownUid,
      members,
    };
    return [sender, cautionsOn(newcomer)] as const;
  });
  return new Map(cautions.filter(([, some]) => some.length > 0));
}
