import { linesOf } from '../support/card-driver';
import { describeBook, isPut } from './book-at-hand';

describeBook('Groups in the address book', (at) => {
  describe.each(['3.0', '4.0'] as const)('of vCard %s', (version) => {
    const uuid = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    const others = Array.from({ length: 300 }, (_, i) => uuid(i));

    it('joins and leaves in one write, and keeps 300 other members and all other lines', async () => {
      const lines = ['X-MINE:kept', 'NOTE:our friends'];
      const href = await at.cards.makeGroup({
        name: 'Feed',
        uid: 'feed',
        members: [...others, uuid(901)],
        version,
        lines,
      });
      const book = await at.open();
      const [group] = book.groups;
      at.proxy.forget();
      expect(await book.changeGroup(group?.href ?? '', { join: [uuid(902), uuid(903)], leave: [uuid(901)] })).toBe(
        'changed',
      );
      expect(at.proxy.counts().PUT).toBe(1);
      expect((await at.cards.groups()).Feed).toEqual([...others, uuid(902), uuid(903)]);
      expect(linesOf((await at.cards.getCard(href, version)) ?? '')).toEqual(
        expect.arrayContaining([`VERSION:${version}`, ...lines]),
      );
    });

    it('reads groups in the order asked for, and leaves out what is gone', async () => {
      await at.cards.makeGroup({ name: 'Feed', members: others, version });
      const gone = await at.cards.makeGroup({ name: 'Jail', version });
      await at.cards.makeGroup({ name: 'Imbox', members: ['vip', uuid(1)], version });
      const book = await at.open();
      await at.cards.deleteCard(gone);
      const hrefs = ['Imbox', 'Jail', 'Feed'].map(
        (name) => book.groups.find((group) => group.name === name)?.href ?? '',
      );
      const groups = await book.readGroups(hrefs);
      expect(groups.map(({ name, members }) => [name, members])).toEqual([
        ['Imbox', ['vip', uuid(1)]],
        ['Feed', others],
      ]);
    });

    it('writes nothing where the members are right already', async () => {
      await at.cards.makeGroup({ name: 'Feed', members: others, version });
      const before = await at.cards.cardState();
      const book = await at.open();
      const change = { join: [uuid(7)], leave: [uuid(999)] };
      expect(await book.changeGroup(book.groups[0]?.href ?? '', change)).toBe('unchanged');
      expect(await at.cards.cardState()).toBe(before);
    });

    it('makes the change anew when somebody else has changed the group meanwhile', async () => {
      await at.cards.makeGroup({ name: 'Feed', uid: 'feed', members: [uuid(1), uuid(2)], version });
      const book = await at.open();
      const edit = (): Promise<unknown> =>
        at.cards.makeGroup({ name: 'Feed', uid: 'feed', members: [uuid(2), uuid(3)], version });
      at.proxy.fault(isPut, { hold: edit }, 1);
      await book.changeGroup(book.groups[0]?.href ?? '', { join: [uuid(4)], leave: [uuid(2)] });
      expect((await at.cards.groups()).Feed).toEqual([uuid(3), uuid(4)]);
    });
  });

  it('throws missing for a group that is gone', async () => {
    const href = await at.cards.makeGroup({ name: 'Feed' });
    const book = await at.open();
    await at.cards.deleteCard(href);
    const changing = book.changeGroup(book.groups[0]?.href ?? '', { join: ['a'], leave: [] });
    await expect(changing).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('Feed') });
  });

  it('makes an empty group', async () => {
    await (await at.open()).createGroup('Paper Trail, 2nd; "odd"');
    const { groups } = await at.open();
    expect(groups.map(({ name }) => name)).toEqual(['Paper Trail, 2nd; "odd"']);
  });
});
