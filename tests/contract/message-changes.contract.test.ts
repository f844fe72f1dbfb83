import { openAccountMail } from '../support/clients';
import { describeMail, idsOf, LIMITS, minuteByMinute } from './mail-at-hand';

describeMail('Mail that is changed', (at) => {
  it('changes 2,500 messages within the limits', async () => {
    const ids = await at.user.addMessages(minuteByMinute(2500, ['Screener']));
    const [screener, feed] = [await at.user.mailboxId('Screener'), await at.user.mailboxId('Feed')];
    const outcomes = await at.mail.update(
      ids.map((id) => ({ id, add: [feed], remove: [screener], whileIn: [screener] })),
    );
    expect(new Set(Array.from(outcomes.values(), ({ kind }) => kind))).toEqual(new Set(['updated']));
    expect([...outcomes.keys()].sort()).toEqual([...ids].sort());
    const [now] = (await openAccountMail(at.user.account)).mailboxes.filter(({ id }) => id === feed);
    expect(now?.totalEmails).toBe(2500);
    expect(at.proxy.mostAtOnce).toBeLessThanOrEqual(LIMITS.maxConcurrentRequests);
  }, 60_000);

  it('keeps a label that the user adds while a change is on its way', async () => {
    const id = await at.user.addMessage({ mailboxes: ['Screener'], subject: 'one' });
    const [screener, feed] = [await at.user.mailboxId('Screener'), await at.user.mailboxId('Feed')];
    at.proxy.fault(({ kind }) => kind === 'Email/set', { hold: () => at.user.labelMessage(id, 'Projects') }, 1);
    await at.mail.update([{ id, add: [feed], remove: [screener], whileIn: [screener] }]);
    expect(await at.user.mailboxesOf('one')).toEqual(['Feed', 'Projects']);
  });

  it('keeps keywords', async () => {
    const id = await at.user.addMessage({ mailboxes: ['Screener'], keywords: ['$seen', '$flagged'] });
    const [screener, feed] = [await at.user.mailboxId('Screener'), await at.user.mailboxId('Feed')];
    await at.mail.update([{ id, add: [feed], remove: [screener], whileIn: [screener] }]);
    expect(await at.user.messages()).toMatchObject([{ mailboxes: ['Feed'], keywords: ['$flagged', '$seen'] }]);
  });

  it('says of each message what became of it', async () => {
    const [fine = '', lonely = '', lost = '', gone = ''] = await at.user.addMessages(minuteByMinute(4, ['Screener']));
    const [screener, feed] = [await at.user.mailboxId('Screener'), await at.user.mailboxId('Feed')];
    await at.user.destroyMessage(gone);
    await at.read(await at.inMailbox('Screener'));
    const outcomes = await at.mail.update([
      { id: fine, add: [feed], remove: [screener], whileIn: [screener] },
      { id: lonely, add: [], remove: [screener], whileIn: [screener] },
      { id: lost, add: ['no-such-mailbox'], remove: [], whileIn: [screener] },
      { id: gone, add: [feed], remove: [screener], whileIn: [screener] },
      { id: 'Mnever', add: [feed], remove: [], whileIn: [] },
    ]);
    expect(Object.fromEntries(outcomes)).toEqual({
      [fine]: { kind: 'updated' },
      [lonely]: { kind: 'refused', reason: expect.any(String) },
      [lost]: { kind: 'refused', reason: expect.any(String) },
      [gone]: { kind: 'gone' },
      Mnever: { kind: 'gone' },
    });
    expect(await at.user.mailboxesOf('minute 1')).toEqual(['Screener']);
  });

  it('leaves a message where it was put since it was read, and says so', async () => {
    const ids = await at.user.addMessages(minuteByMinute(5, ['Screener']));
    const [stays = '', trashed = '', archived = '', filed = '', gone = ''] = ids;
    const [screener, feed] = [await at.user.mailboxId('Screener'), await at.user.mailboxId('Feed')];
    await at.read(await at.inMailbox('Screener'));
    await at.user.moveMessage(trashed, 'Inbox');
    await at.user.moveMessage(archived, 'Projects');
    await at.user.moveMessage(filed, 'Feed');
    await at.user.destroyMessage(gone);
    await at.user.labelMessage(stays, 'Projects');
    at.proxy.forget();
    const outcomes = await at.mail.update(
      ids.map((id) => ({ id, add: [feed], remove: [screener], whileIn: [screener] })),
    );
    expect(Object.fromEntries(outcomes)).toEqual({
      [stays]: { kind: 'updated' },
      [trashed]: { kind: 'moved' },
      [archived]: { kind: 'moved' },
      [filed]: { kind: 'updated' },
      [gone]: { kind: 'gone' },
    });
    expect(at.proxy.counts()).toEqual({ 'Email/set': 2, 'Email/get': 1 });
    expect((await at.user.messages()).map(({ mailboxes }) => mailboxes.join())).toEqual([
      'Feed,Projects',
      'Inbox',
      'Projects',
      'Feed',
    ]);
  });

  it('changes a message that is already right without another state', async () => {
    const id = await at.user.addMessage({ mailboxes: ['Feed'] });
    const before = await at.user.state();
    const change = {
      id,
      add: [await at.user.mailboxId('Feed')],
      remove: [await at.user.mailboxId('Screener')],
      whileIn: [await at.user.mailboxId('Screener')],
    };
    expect((await at.mail.update([change])).get(id)).toEqual({ kind: 'updated' });
    expect(await at.user.state()).toBe(before);
  });

  it('makes top-level mailboxes, and names those that it cannot make', async () => {
    const names = ['Paper Trail', '@ToJail', 'Größe'];
    await at.mail.createMailboxes(names);
    expect(await at.user.mailboxes()).toEqual(expect.arrayContaining(names));
    await expect(at.mail.createMailboxes(['Jail', ''])).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('""'),
    });
    expect(await at.user.mailboxes()).toContain('Jail');
    const { mailboxes } = await at.open();
    expect(mailboxes.find(({ name }) => name === 'Paper Trail')).toMatchObject({
      parentId: null,
      isSubscribed: true,
    });
  });

  it.each([
    ['lost before the server gets it', { drop: 'before' }],
    ['lost with its answer', { drop: 'after' }],
    ['cut off in the middle of its answer', { drop: 'mid-body' }],
    ['answered with 503', { answer: { status: 503 } }],
    ['throttled', { answer: { status: 429, headers: { 'retry-after': '0' } } }],
  ] as const)('repeats a request that is %s', async (_, fault) => {
    const [id = ''] = await at.user.addMessages(minuteByMinute(1, ['Screener']));
    const [screener, feed] = [await at.user.mailboxId('Screener'), await at.user.mailboxId('Feed')];
    at.proxy.fault(({ kind }) => kind.startsWith('Email/query'), fault, 1);
    at.proxy.fault(({ kind }) => kind === 'Email/set', fault, 1);
    expect(idsOf(await at.read(await at.inMailbox('Screener')))).toEqual([id]);
    const outcomes = await at.mail.update([{ id, add: [feed], remove: [screener], whileIn: [screener] }]);
    expect(outcomes.get(id)).toEqual({ kind: 'updated' });
    expect(await at.user.mailboxesOf('minute 0')).toEqual(['Feed']);
  });

  it('fails the messages of a request alone that fails for good', async () => {
    const ids = await at.user.addMessages(minuteByMinute(LIMITS.maxObjectsInSet + 1, ['Screener']));
    const [screener, feed] = [await at.user.mailboxId('Screener'), await at.user.mailboxId('Feed')];
    const holdsFirst = ({ kind, body }: { kind: string; body: string }) =>
      kind === 'Email/set' && body.includes(ids[0] ?? '');
    at.proxy.fault(holdsFirst, { answer: { status: 500 } });
    const outcomes = await at.mail.update(
      ids.map((id) => ({ id, add: [feed], remove: [screener], whileIn: [screener] })),
    );
    expect(outcomes.get(ids[0] ?? '')).toMatchObject({ kind: 'failed' });
    expect(outcomes.get(ids.at(-1) ?? '')).toEqual({ kind: 'updated' });
  });
});
