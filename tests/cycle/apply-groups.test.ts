import { MailroomError } from '../../src/errors';
import type { Category } from '../../src/triage/category';
import { aCategory, aContact, aGroup, aMessage } from '../support/builders';
import { anAccount, cycleOn, settingsWith } from '../support/fake-cycle';

/** A sender that is in some groups and gets a verdict. */
interface Move {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
}

/** One contact and one labelled message a move. The fake address book throws when a contact is in no group. */
function accountOf(moves: readonly Move[], spec: Partial<Parameters<typeof anAccount>[0]> = {}) {
  const members: Record<string, string[]> = {};
  for (const { name, from } of moves) for (const group of from) members[group] = [...(members[group] ?? []), name];
  return anAccount({
    messages: moves.map(({ name, to }) => aMessage(name, `${name}@example.com`, [`@To${to.replaceAll(' ', '')}`])),
    contacts: moves.map(({ name }) =>
      aContact(name, { addresses: [`${name}@example.com`], note: 'Met at the fair', formattedName: name }),
    ),
    members,
    ...spec,
  });
}

function groupWrites({ journal }: ReturnType<typeof accountOf>): readonly string[] {
  return journal.writes.filter((line) => line.startsWith('group '));
}

const CHAIN: readonly Category[] = [aCategory('A'), aCategory('B', { parent: 'A' }), aCategory('C'), aCategory('D')];

describe('the changes of groups', () => {
  it('are one write for all who join one group', async () => {
    const moves = Array.from({ length: 30 }, (_, index) => ({ name: `s${index}`, from: [], to: 'Feed' }));
    const account = accountOf(moves);
    await cycleOn(account);
    expect(groupWrites(account)).toHaveLength(1);
    expect(account.book.members['Feed']).toHaveLength(30);
  });

  it.each<[string, readonly Move[], readonly string[]]>([
    ['join first, then leave', [{ name: 'a', from: ['Jail'], to: 'Feed' }], ['group Feed: +a', 'group Jail: -a']],
    [
      'one write each where senders go the same way',
      [
        { name: 'a', from: ['Jail'], to: 'Feed' },
        { name: 'b', from: ['Jail'], to: 'Feed' },
      ],
      ['group Feed: +a +b', 'group Jail: -a -b'],
    ],
    [
      'one write each where senders go one behind the other',
      [
        { name: 'a', from: ['Feed'], to: 'Jail' },
        { name: 'b', from: ['Imbox'], to: 'Feed' },
      ],
      ['group Jail: +a', 'group Feed: +b -a', 'group Imbox: -b'],
    ],
    [
      'one write more where two senders swap groups, since one of them has to go first',
      [
        { name: 'a', from: ['Feed'], to: 'Jail' },
        { name: 'b', from: ['Jail'], to: 'Feed' },
      ],
      ['group Jail: +a', 'group Feed: +b -a', 'group Jail: -b'],
    ],
    [
      'one write more where three go round in a circle',
      [
        { name: 'a', from: ['Feed'], to: 'Jail' },
        { name: 'b', from: ['Jail'], to: 'Imbox' },
        { name: 'c', from: ['Imbox'], to: 'Feed' },
      ],
      ['group Jail: +a', 'group Feed: +c -a', 'group Imbox: +b -c', 'group Jail: -b'],
    ],
    [
      'leave all the old ones',
      [{ name: 'a', from: ['Feed', 'Imbox', 'Paper Trail'], to: 'Jail' }],
      ['group Jail: +a', 'group Feed: -a', 'group Imbox: -a', 'group Paper Trail: -a'],
    ],
  ])('%s', async (_, moves, writes) => {
    const account = accountOf(moves);
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: moves.length } });
    expect(groupWrites(account)).toEqual(writes);
    for (const { name, to } of moves) {
      const memberOf = Object.entries(account.book.members).filter(([, uids]) => uids.includes(name));
      expect(memberOf.map(([group]) => group)).toEqual([to]);
    }
  });

  it('join every group of the chain before they leave another', async () => {
    const settings = settingsWith(CHAIN);
    const account = accountOf([{ name: 'a', from: ['C'], to: 'B' }], { settings });
    await cycleOn(account);
    const writes = groupWrites(account);
    expect([...writes.slice(0, 2)].sort()).toEqual(['group A: +a', 'group B: +a']);
    expect(writes.slice(2)).toEqual(['group C: -a']);
  });

  it('are never more than one write a group and one for each circle, however senders move', async () => {
    const names = ['A', 'B', 'C', 'D'];
    const moves = names.flatMap((from) =>
      names.map((to) => ({ name: `${from}-${to}`, from: from === 'B' ? ['A', 'B'] : [from], to })),
    );
    const account = accountOf(moves, { settings: settingsWith(CHAIN) });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: moves.length } });
    expect(groupWrites(account).length).toBeLessThan(2 * names.length);
    for (const { name, to } of moves) {
      const memberOf = Object.entries(account.book.members).filter(([, uids]) => uids.includes(name));
      expect(memberOf.map(([group]) => group).sort()).toEqual(to === 'B' ? ['A', 'B'] : [to]);
    }
  });

  it('are made anew on the group as somebody else has written it meanwhile', async () => {
    let meanwhile = 2;
    const account = accountOf([{ name: 'a', from: [], to: 'Feed' }], {
      book: {
        meanwhile: (href) => {
          if (href.includes('Feed') && meanwhile-- > 0) account.book.put(aGroup('Feed', [`other${meanwhile}`]));
        },
      },
    });
    await cycleOn(account);
    expect(account.book.members['Feed']).toEqual(['a', 'other0']);
  });

  it('leave other members alone', async () => {
    const account = anAccount({
      messages: [aMessage('1', 'ann@example.com', ['@ToFeed'])],
      members: { Feed: ['x', 'y'], Jail: ['x'] },
    });
    await cycleOn(account);
    expect(account.book.members).toMatchObject({ Feed: ['own-ann@example.com', 'x', 'y'], Jail: ['x'] });
  });
});

describe('a group that cannot be written', () => {
  const moves = [
    { name: 'a', from: ['Jail'], to: 'Feed' },
    { name: 'b', from: ['Jail'], to: 'Imbox' },
  ];

  it.each<[string, MailroomError, Record<string, readonly string[]>, object]>([
    [
      'now keeps its senders where they are, with their labels',
      new MailroomError({ code: 'transient', message: 'busy' }),
      { a: ['@ToFeed'], b: ['Inbox'] },
      { failed: 1, refused: 0 },
    ],
    [
      'ever keeps its senders where they are, with the error label',
      new MailroomError({ code: 'refused', message: 'too many members' }),
      { a: ['@MailroomError', '@ToFeed'], b: ['Inbox'] },
      { failed: 0, refused: 1 },
    ],
  ])('%s', async (_, error, places, report) => {
    const account = accountOf(moves, {
      trouble: (line) => {
        if (line.startsWith('group Feed')) throw error;
        return undefined;
      },
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, ...report } });
    expect(account.mail.places).toEqual(places);
    expect(account.book.members).toMatchObject({ Feed: [], Jail: ['a'], Imbox: ['b'] });
  });

  it('because it went away leaves its senders to the next cycle, which names it', async () => {
    const account = accountOf(moves, {
      trouble: (line) => {
        if (line === 'change a') account.book.delete(aGroup('Feed').href);
        return undefined;
      },
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, failed: 1 } });
    expect(account.book.members).toEqual({ Imbox: ['b'], Jail: ['a'], 'Paper Trail': [] });
    await expect(cycleOn(account)).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('"Feed"'),
    });
  });

  it('because it went away is no fault of the settings, until the next cycle names it', async () => {
    const account = accountOf(moves.slice(0, 1), {
      trouble: (line) => {
        if (line === 'change a') account.book.delete(aGroup('Feed').href);
        return undefined;
      },
    });
    await expect(cycleOn(account)).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining(`The group ${aGroup('Feed').href} is gone`),
    });
  });

  it('keeps its senders out of the others of the chain that are not written yet', async () => {
    const account = accountOf(
      [
        { name: 'a', from: [], to: 'B' },
        { name: 'b', from: ['B'], to: 'C' },
      ],
      {
        settings: settingsWith(CHAIN),
        trouble: (line) => {
          if (line.startsWith('group A')) throw new MailroomError({ code: 'transient', message: 'busy' });
          return undefined;
        },
      },
    );
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, failed: 1 } });
    expect([...groupWrites(account)].sort()).toEqual(['group A: +a', 'group B: -b', 'group C: +b']);
  });

  it('in a swap leaves nobody in no group', async () => {
    const swap = [
      { name: 'a', from: ['Feed'], to: 'Jail' },
      { name: 'b', from: ['Jail'], to: 'Feed' },
    ];
    for (const failing of [1, 2, 3]) {
      let seen = 0;
      const account = accountOf(swap, {
        trouble: (line) => {
          if (line.startsWith('group ')) seen += 1;
          if (seen === failing) throw new MailroomError({ code: 'transient', message: 'busy' });
          return undefined;
        },
      });
      await cycleOn(account).catch(() => {});
      const members = Object.values(account.book.members).flat();
      expect(new Set(members)).toEqual(new Set(['a', 'b']));
    }
  });
});

describe('two senders with one contact', () => {
  it('put it into the group of their verdict once', async () => {
    const account = anAccount({
      messages: [aMessage('1', 'ann@example.com', ['@ToFeed']), aMessage('2', 'bob@example.com', ['@ToFeed'])],
      contacts: [aContact('u', { addresses: ['ann@example.com', 'bob@example.com'] })],
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 2 } });
    expect(groupWrites(account)).toHaveLength(1);
    expect(account.book.members['Feed']).toEqual(['u']);
  });

  it.each([[[]], [['Feed']], [['Jail']], [['Feed', 'Jail']], [['Feed', 'Jail', 'Imbox']]])(
    'and two verdicts keep it in the groups of both, wherever it was: %j',
    async (from) => {
      const account = anAccount({
        messages: [aMessage('1', 'ann@example.com', ['@ToFeed']), aMessage('2', 'bob@example.com', ['@ToJail'])],
        contacts: [aContact('u', { addresses: ['ann@example.com', 'bob@example.com'] })],
        members: Object.fromEntries(from.map((name) => [name, ['u']])),
      });
      await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 2 } });
      expect(account.book.members).toEqual({ Feed: ['u'], Jail: ['u'], Imbox: [], 'Paper Trail': [] });
    },
  );
});
