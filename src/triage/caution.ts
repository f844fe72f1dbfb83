import { domainOf, foldAddress } from './address';
import { chainOf, isInbox } from './categories';
import type { Category } from './category';
import type { Contact } from './contact';
import { cleanName, comparableName } from './display-name';
import {
  type DomainForms,
  type DomainLore,
  formsOf,
  isInternational,
  isLookAlike,
  textsInLookAlikes,
} from './look-alike';
import { compareTexts } from './order';

/** Something that one may want to know before one trusts a sender. */
export type Caution =
  /** The display name is not the contact's. */
  | { readonly kind: 'name differs' }
  /** The display name is that of another contact, which has these addresses. */
  | { readonly kind: 'known name'; readonly addresses: readonly string[] }
  /** The display name holds an address that is not the sender's. */
  | { readonly kind: 'address in name'; readonly address: string }
  /** The domain may be taken for that of a contact in the same groups. */
  | { readonly kind: 'look-alike domain'; readonly domain: string }
  /** The domain has letters beyond ASCII; `domain` is the form that people see. */
  | { readonly kind: 'international domain'; readonly domain: string }
  /** The mail server says that the domain has not sent it. */
  | { readonly kind: 'dmarc=fail' };

/** A contact as far as others may be taken for it. */
export type SimilarContact = Pick<Contact, 'uid' | 'formattedName' | 'addresses'>;

/** What cautions are found by. */
export interface CautionFacts {
  /** Contacts with the senders' names, and such with addresses at domains like theirs. More than these do no harm. */
  readonly similar: readonly SimilarContact[];
  readonly lore: DomainLore;
}

/** Who is to be let in. */
export interface Newcomer {
  /** Folded address; `*@` and the domain for all of a domain. */
  readonly address: string;
  /** Display names of the messages by which it is judged. */
  readonly names: readonly (string | null)[];
  /** True where it writes in the names of several people, as relays do. */
  readonly severalNames: boolean;
  /** True where the mail server says of a message by which it is judged that its domain has not sent it. */
  readonly failsDmarc: boolean;
  /** The user's own contacts with the address. Mailroom's says nothing about whether the user knows the sender. */
  readonly known: readonly SimilarContact[];
  /** The UID of Mailroom's own contact for the address; null where that is a contact like others. */
  readonly ownUid: string | null;
  /** UIDs of the contacts in the groups that it is to be in. Those of the same groups are best the same set: what is known of it is kept. */
  readonly members: ReadonlySet<string>;
}

/** True for a category whose senders one trusts: people, and whatever comes into the Inbox. */
export function letsIn(category: Category, categories: readonly Category[]): boolean {
  return category.contactType === 'person' || chainOf(category, categories).some(({ mailbox }) => isInbox(mailbox));
}

/** Gives what one may want to know of a sender before one trusts it, for any number of senders. */
export function cautionsIn({ similar, lore }: CautionFacts): (newcomer: Newcomer) => readonly Caution[] {
  const byName = grouped(similar.map((contact) => [comparableName(contact.formattedName ?? ''), contact] as const));
  const domains = new Map<ReadonlySet<string>, Domains>();
  const domainsOf = (members: ReadonlySet<string>): Domains => {
    const known = domains.get(members);
    if (known !== undefined) return known;
    const contacts = similar.filter(({ uid }) => members.has(uid));
    const owners = grouped(
      contacts.flatMap(({ uid, addresses }) =>
        addresses.map((address) => [lore.toUnicode(domainOf(foldAddress(address))), uid] as const),
      ),
    );
    const made = { owners, forms: [...owners.keys()].map((domain) => formsOf(domain, lore)) };
    domains.set(members, made);
    return made;
  };
  return (newcomer) => [
    ...(newcomer.severalNames ? [] : nameCautions(newcomer, byName)),
    ...(newcomer.known.length > 0 ? [] : domainCautions(newcomer, domainsOf(newcomer.members), lore)),
    ...(newcomer.failsDmarc ? [{ kind: 'dmarc=fail' } as const] : []),
  ];
}

/** The domains of contacts. */
interface Domains {
  /** Domain, in the form that people see → UIDs of the contacts that have it. */
  readonly owners: ReadonlyMap<string, readonly string[]>;
  readonly forms: readonly DomainForms[];
}

function grouped<T>(entries: readonly (readonly [key: string, value: T])[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const [key, value] of entries) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** Nobody asks a server for what strangers write in any length. A domain has 253 characters at most (RFC 1035, section 2.3.4). */
const LONGEST_NAME = 200;
const LONGEST_DOMAIN = 253;

/** What contacts are to have in common with the parties, so that {@link cautionsIn} finds what there is. */
export function similarityTo(
  parties: readonly Pick<Newcomer, 'address' | 'names'>[],
  lore: DomainLore,
): { readonly names: readonly string[]; readonly inAddresses: readonly string[] } {
  const names = parties
    .flatMap(({ address, names }) => names.flatMap((name) => realName(name, address) ?? []))
    .filter((name) => name.length <= LONGEST_NAME);
  const domains = new Set(parties.map(({ address }) => domainOf(address)));
  const strange = [...domains].filter((domain) => domain.length <= LONGEST_DOMAIN && !lore.isPublicDomain(domain));
  const texts = strange.flatMap((domain) => textsInLookAlikes(domain, lore));
  return { names: [...new Set(names)], inAddresses: [...new Set(texts)] };
}

/** The caution in words, as part of a sentence. */
export function cautionText(caution: Caution): string {
  switch (caution.kind) {
    case 'name differs':
      return 'the names differ';
    case 'known name':
      return caution.addresses.length === 0
        ? 'a contact without an address has this name'
        : `this name is known as ${firstOf(caution.addresses)}`;
    case 'address in name':
      return `its name holds another address, ${caution.address}`;
    case 'look-alike domain':
      return `its domain looks like ${caution.domain}`;
    case 'international domain':
      return `its domain has letters that may be mistaken: ${caution.domain}`;
    case 'dmarc=fail':
      return 'the mail server says that its domain has not sent it (dmarc=fail)';
  }
}

/** The most addresses that a text names: a contact may have thousands. */
const NAMED = 5;

/** The first of the addresses, and how many there are besides. */
export function firstOf(addresses: readonly string[]): string {
  const rest = addresses.length - NAMED;
  return [...addresses.slice(0, NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** True for display names of an address that are those of several people. */
export function areSeveralNames(names: readonly (string | null)[], address: string): boolean {
  return new Set(names.flatMap((name) => realName(name, address) ?? []).map(comparableName)).size > 1;
}

/** A display name that is more than the address itself. */
function realName(name: string | null, address: string): string | null {
  const clean = cleanName(name);
  return clean === null || foldAddress(clean) === address ? null : clean;
}

/** Who writes by the name that the user knows the address by has the name of nobody else, whoever else is called so. */
function nameCautions(
  { address, names, known }: Newcomer,
  byName: ReadonlyMap<string, readonly SimilarContact[]>,
): readonly Caution[] {
  const real = [...new Set(names.flatMap((name) => realName(name, address) ?? []))];
  const own = known.map(({ formattedName }) => comparableName(formattedName ?? ''));
  const foreign = new Set(real.map(comparableName).filter((name) => !own.includes(name)));
  const namesakes = [...foreign].flatMap((name) => byName.get(name) ?? []).filter((one) => !has(one, address));
  const [other] = real.flatMap(addressesIn).filter((one) => foldAddress(one) !== address);
  return [
    ...(namesakes.length === 0
      ? []
      : [{ kind: 'known name', addresses: [...new Set(namesakes.flatMap(({ addresses }) => addresses))] } as const]),
    ...(other === undefined ? [] : [{ kind: 'address in name', address: other } as const]),
  ];
}

/** Linear in the length of the text, whatever it is. */
function addressesIn(name: string): readonly string[] {
  return name
    .split(/[\s<>()[\]"',;:|]+/u)
    .map((word) => word.replace(/\.+$/, ''))
    .filter((word) => /^[^@]+@[^@.]+(\.[^@.]+)+$/u.test(word));
}

/** A domain that a contact of these groups has is no stranger's, and neither is one of a large mailer. */
function domainCautions({ address, ownUid }: Newcomer, domains: Domains, lore: DomainLore): readonly Caution[] {
  const domain = domainOf(address);
  if (lore.isPublicDomain(domain)) return [];
  const own = formsOf(domain, lore);
  if (domains.owners.get(own.domain)?.some((uid) => uid !== ownUid)) return [];
  const taken = domains.forms.filter((one) => isLookAlike(own, one)).map((one) => one.domain);
  const [first] = taken.sort(compareTexts);
  return [
    ...(first === undefined ? [] : [{ kind: 'look-alike domain', domain: first } as const]),
    ...(isInternational(domain) ? [{ kind: 'international domain', domain: own.domain } as const] : []),
  ];
}

function has({ addresses }: SimilarContact, address: string): boolean {
  return addresses.some((one) => foldAddress(one) === address);
}
