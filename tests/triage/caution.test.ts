import { domainLore } from '../../src/domains/look-alikes';
import {
  areSeveralNames,
  type Caution,
  cautionsIn,
  cautionText,
  letsIn,
  type Newcomer,
  similarityTo,
} from '../../src/triage/caution';
import { aCategory, aContact, DEFAULTS } from '../support/builders';

const OWN = 'own-ann@sender.example';

function cautionsFor(newcomer: Partial<Newcomer>, ...similar: ReturnType<typeof aContact>[]): readonly Caution[] {
  const names = newcomer.names ?? [];
  return cautionsIn({ similar, lore: domainLore })({
    address: 'ann@sender.example',
    names,
    severalNames: false,
    failsDmarc: false,
    known: [],
    ownUid: OWN,
    members: new Set(similar.map(({ uid }) => uid)),
    ...newcomer,
  });
}

const friend = (formattedName: string | null, ...addresses: readonly string[]) =>
  aContact(`contact-${formattedName}`, { formattedName, addresses });

describe('a sender that is let in', () => {
  it.each([
    ['Person', true],
    ['Imbox', true],
    ['Feed', false],
    ['Paper Trail', false],
    ['Jail', false],
    ['Colleagues', true],
    ['Friends', true],
    ['Copies', false],
  ])('by %s: %s', (name, expected) => {
    const categories = [
      ...DEFAULTS,
      aCategory('Colleagues', { contactType: 'person' }),
      aCategory('Friends', { parent: 'Imbox' }),
      aCategory('Copies', { addToInbox: true }),
    ];
    const category = categories.find((one) => one.name === name);
    expect(category && letsIn(category, categories)).toBe(expected);
  });
});

describe('the name', () => {
  const boss = friend('Eve Boss', 'eve@firm.example', 'eve@home.example');

  it.each(['Eve Boss', 'EVE BOSS', ' "Eve  Boss" ', '“Eve Boss”'])(
    '%s of another contact is a reason for caution',
    (name) => {
      expect(cautionsFor({ names: [name] }, boss)).toEqual([
        { kind: 'known name', addresses: ['eve@firm.example', 'eve@home.example'] },
      ]);
    },
  );

  it('is none where it is nobody else’s', () => {
    expect(cautionsFor({ names: ['Eve Bosch', null] }, boss)).toEqual([]);
  });

  it('is one on any of the labelled messages, and a contact need not have an address', () => {
    expect(cautionsFor({ names: ['Mum'] }, friend('Mum'))).toEqual([{ kind: 'known name', addresses: [] }]);
  });

  it('is none where the contact has the sender’s address as well', () => {
    expect(cautionsFor({ names: ['Eve Boss'] }, friend('Eve Boss', 'eve@firm.example', 'Ann@Sender.example'))).toEqual(
      [],
    );
  });

  it('is none where the user knows the sender by it, whoever else is called so', () => {
    const known = [aContact('k', { formattedName: 'Eve Boss', addresses: ['ann@sender.example'] })];
    expect(cautionsFor({ names: ['Eve Boss'], known }, boss)).toEqual([]);
  });

  it('is one all the same where Mailroom’s own contact has it: it was made of this very name', () => {
    const own = aContact(OWN, { formattedName: 'Eve Boss', addresses: ['ann@sender.example'] });
    expect(cautionsFor({ names: ['Eve Boss'] }, own, boss)).toMatchObject([{ kind: 'known name' }]);
  });

  it.each([
    ['eve@firm.example', 'eve@firm.example'],
    ['Eve <eve@firm.example>', 'eve@firm.example'],
    ['"Eve (eve@firm.example) via us"', 'eve@firm.example'],
    ['write to Eve@Firm.example.', 'Eve@Firm.example'],
  ])('%s holds another address', (name, address) => {
    expect(cautionsFor({ names: [name] })).toEqual([{ kind: 'address in name', address }]);
  });

  it.each(['ann@sender.example', 'Ann <ANN@Sender.example>', 'Ann @ work', 'Ann, a@b', '@ann', 'a@b@c.example'])(
    '%s holds none',
    (name) => {
      expect(cautionsFor({ names: [name] })).toEqual([]);
    },
  );

  it('is no reason where the sender writes in the names of several people', () => {
    expect(cautionsFor({ names: ['Eve Boss', 'eve@firm.example'], severalNames: true }, boss)).toEqual([]);
  });

  it.each([
    ['two people', ['Eve Boss', 'Ben'], true],
    ['one, in other forms', ['Eve Boss', 'eve boss', '"Eve Boss"', null, ''], false],
    ['one, and the address', ['Eve Boss', 'Ann@sender.example'], false],
    ['nobody', [], false],
  ])('is that of several people where there are %s: %j: %s', (_, names, expected) => {
    expect(areSeveralNames(names, 'ann@sender.example')).toBe(expected);
  });
});

describe('the domain', () => {
  const shop = friend('Shop', 'post@shop.example');
  const at = (domain: string) => ({ address: `ann@${domain}` });

  it('is a reason for caution where it looks like that of a contact in the same groups', () => {
    expect(cautionsFor(at('shopp.example'), shop)).toEqual([{ kind: 'look-alike domain', domain: 'shop.example' }]);
  });

  it('of all of a domain is one, too', () => {
    expect(cautionsFor({ address: '*@shopp.example' }, shop)).toMatchObject([{ kind: 'look-alike domain' }]);
  });

  it('is none where that contact is in other groups', () => {
    expect(cautionsFor({ ...at('shopp.example'), members: new Set() }, shop)).toEqual([]);
  });

  it('is none where a contact of these groups has it itself', () => {
    expect(cautionsFor(at('shopp.example'), shop, friend('Other', 'x@SHOPP.example'))).toEqual([]);
  });

  it('is one where Mailroom’s own contact for the sender is in the group already', () => {
    const own = aContact(OWN, { addresses: ['ann@shopp.example'] });
    expect(cautionsFor(at('shopp.example'), own, shop)).toMatchObject([{ kind: 'look-alike domain' }]);
  });

  it('is none where the user has a contact with the address', () => {
    const known = [aContact('k', { addresses: ['ann@shopp.example'] })];
    expect(cautionsFor({ ...at('shopp.example'), known }, shop)).toEqual([]);
  });

  it('of a mailer is none, though it looks like another mailer’s', () => {
    expect(cautionsFor(at('gmail.com'), friend('Ben', 'ben@mail.com'))).toEqual([]);
    expect(cautionsFor(at('gmial.com'), friend('Ben', 'ben@gmail.com'))).toMatchObject([{ domain: 'gmail.com' }]);
  });

  it('is one where it has letters beyond ASCII', () => {
    expect(cautionsFor(at('xn--bcher-kva.example'))).toEqual([
      { kind: 'international domain', domain: 'bücher.example' },
    ]);
    expect(cautionsFor(at('xn--pypal-4ve.com'), friend('Paypal', 'service@paypal.com'))).toEqual([
      { kind: 'look-alike domain', domain: 'paypal.com' },
      { kind: 'international domain', domain: 'pаypal.com' },
    ]);
  });
});

describe('DMARC', () => {
  it('is a reason for caution where it has failed, whoever is known', () => {
    const known = [aContact('k', { addresses: ['ann@sender.example'] })];
    expect(cautionsFor({ failsDmarc: true, known })).toEqual([{ kind: 'dmarc=fail' }]);
  });
});

describe('what is looked for', () => {
  it('is each name and each domain once, but no mailer’s', () => {
    const parties = [
      { address: 'a@shop.example', names: ['Ann', null, ' "Ann" '] },
      { address: 'b@shop.example', names: ['b@shop.example', 'Ben'] },
      { address: 'c@gmail.com', names: [] },
    ];
    const { names, inAddresses } = similarityTo(parties, domainLore);
    expect(names).toEqual(['Ann', 'Ben']);
    expect(inAddresses).toEqual(['@sho', '.example']);
  });
});

describe('what is not looked for', () => {
  it('is a name or a domain of a length that nobody has', () => {
    const party = { address: `a@${'x'.repeat(300)}.example`, names: ['N'.repeat(201)] };
    expect(similarityTo([party], domainLore)).toEqual({ names: [], inAddresses: [] });
  });
});

describe('in words', () => {
  it.each<[Caution, string]>([
    [{ kind: 'name differs' }, 'the names differ'],
    [
      { kind: 'known name', addresses: ['a@x.example', 'b@x.example'] },
      'this name is known as a@x.example, b@x.example',
    ],
    [
      { kind: 'known name', addresses: ['1', '2', '3', '4', '5', '6', '7'] },
      'this name is known as 1, 2, 3, 4, 5, 2 more',
    ],
    [{ kind: 'known name', addresses: [] }, 'a contact without an address has this name'],
    [{ kind: 'address in name', address: 'a@x.example' }, 'its name holds another address, a@x.example'],
    [{ kind: 'look-alike domain', domain: 'shop.example' }, 'its domain looks like shop.example'],
    [
      { kind: 'international domain', domain: 'bücher.example' },
      'its domain has letters that may be mistaken: bücher.example',
    ],
    [{ kind: 'dmarc=fail' }, 'the mail server says that its domain has not sent it (dmarc=fail)'],
  ])('%j is: %s', (caution, text) => {
    expect(cautionText(caution)).toBe(text);
  });
});
