import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { accountAt } from '../support/account';
import { runHere, startHere } from '../support/bundle-here';
import { type MailroomRun, PROGRAM, runMailroom, settingsOf, startMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

const EMPTY_GROUPS = { Feed: [], Imbox: [], Jail: [], 'Paper Trail': [] };

/** A contact of the user's own, with what Mailroom knows nothing of. */
function card(uid: string, addresses: readonly string[], lines: readonly string[] = []): string {
  const emails = addresses.map((address) => `EMAIL;TYPE=HOME:${address}`);
  const other = ['X-ANNIVERSARY;X-A=b:2001-02-03', 'item1.TEL:+1 23', 'item1.X-ABLabel:_$!<Mobile>!$_'];
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, ...lines, 'N:;;;;', ...emails, ...other, 'END:VCARD', ''].join(
    '\n',
  );
}

async function reset({ account }: TestAccount, ...options: readonly string[]): Promise<MailroomRun> {
  const run = await runHere(['reset', ...options], { account });
  if (run.status !== 0) throw new Error(`reset ended with ${run.status}: ${run.stdout}${run.stderr}`);
  return run;
}

/** UID → text of every contact that is no group. */
async function contactsOf(account: TestAccount): Promise<Readonly<Record<string, string>>> {
  const cards = (await account.cards()).filter(({ text }) => !/KIND:group/.test(text));
  return Object.fromEntries(cards.map((each) => [/^UID:(.*)\r$/m.exec(each.text)?.[1], each.text]));
}

/** Subject → mailboxes. */
async function mailOf(account: TestAccount): Promise<Readonly<Record<string, readonly string[]>>> {
  return Object.fromEntries((await account.messages()).map(({ subject, mailboxes }) => [subject, mailboxes]));
}

/**
 * A life with Mailroom: a new sender, one of the user's own contacts under one of its two addresses, a contact that the
 * user has changed since, a nameless contact, a conflict; and others' mail in every managed mailbox.
 */
async function livedIn(account: TestAccount): Promise<void> {
  await account.makeMailboxes(['Archive', 'Holidays']);
  await account.putCards([
    card('own-bob', ['bob@work.example', 'bob@home.example'], ['FN:Bob', 'NOTE:met in Rome\\, 2019\\nnice']),
    card('own-nameless', ['nameless@sender.example'], ['FN:']),
    card('own-never', ['never@sender.example'], ['FN:Never']),
  ]);
  await account.makeGroup({ name: 'Family', members: ['own-bob'] });
  await account.addMessages([
    { subject: 'new 1', from: 'New <new@sender.example>', mailboxes: ['Screener', '@ToFeed'] },
    { subject: 'new 2', from: 'New <new@sender.example>', mailboxes: ['Screener'] },
    { subject: 'new 3', from: 'New <new@sender.example>', mailboxes: ['Screener', 'Holidays'] },
    { subject: 'new 4', from: 'New <new@sender.example>', mailboxes: ['Archive'] },
    { subject: 'bob 1', from: 'Robert <bob@work.example>', mailboxes: ['Inbox', '@ToImbox'] },
    { subject: 'bob 2', from: 'Bob <bob@home.example>', mailboxes: ['Inbox'] },
    { subject: 'changed 1', from: 'Changed <changed@sender.example>', mailboxes: ['Screener', '@ToJail'] },
    { subject: 'nameless 1', from: 'Some Name <nameless@sender.example>', mailboxes: ['Screener', '@ToPaperTrail'] },
    { subject: 'conflict 1', from: 'conflict@sender.example', mailboxes: ['Screener', '@ToFeed', '@ToJail'] },
    ...['Inbox', 'Feed', 'Jail', 'Paper Trail'].map((mailbox) => ({
      subject: `other in ${mailbox}`,
      from: 'never@sender.example',
      mailboxes: [mailbox],
    })),
  ]);
}

async function changeTheChanged(account: TestAccount): Promise<string> {
  const { text: before } = await account.contactOf('changed@sender.example');
  const after = before.replace('END:VCARD', 'TEL:+4 56\r\nEND:VCARD');
  const href = await account.putCard(after);
  return (await account.getCard(href))?.replace(/NOTE:.*\r\n/, '') ?? '';
}

describeOnCyrus('Taking everything back', (cyrus) => {
  it('shows what it would do and writes nothing, then does it, and has nothing left to do', async () => {
    const account = await screenedAccount(cyrus());
    await livedIn(account);
    const ownBefore = await contactsOf(account);
    await cycle(account);
    const changed = await changeTheChanged(account);
    expect(await account.mailboxesOf('bob 1')).toEqual(['@MailroomWarning', 'Inbox']);
    expect(await account.mailboxesOf('conflict 1')).toContain('@MailroomError');
    const lived = await account.state();

    const expected = {
      senders: 4,
      messages: 6,
      mailboxes: { Feed: 3, Inbox: 1, Jail: 1, 'Paper Trail': 1 },
      systemLabels: 2,
      letters: 0,
      groups: { Feed: 1, Imbox: 1, Jail: 1, 'Paper Trail': 1 },
      deleted: [{ name: 'New', addresses: ['new@sender.example'] }],
      pending: 2,
    };
    const plan = JSON.parse((await reset(account, '--json')).stdout);
    expect(plan).toMatchObject({ ...expected, applied: false, complete: false });
    expect(plan.kept).toHaveLength(3);
    expect(plan.kept).toContainEqual({ name: 'Changed', addresses: ['changed@sender.example'], changed: true });
    const shown = (await reset(account)).stdout;
    expect(shown).toContain('6 messages of 4 senders would be moved back to Screener');
    expect(shown).toContain('Changed <changed@sender.example>');
    expect(shown).toContain('take its rules out (on Fastmail: Settings → Mail rules)');
    expect(shown).toContain('\n  Feed, Paper Trail, Jail, Screener\n');
    expect(plan.rules).toEqual(['Feed', 'Paper Trail', 'Jail', 'Screener']);
    expect(shown).toContain('Nothing was written.');
    expect(await account.state()).toBe(lived);

    const done = JSON.parse((await reset(account, '--apply', '--yes', '--json')).stdout);
    expect(done).toMatchObject({ ...expected, applied: true, complete: true });
    expect(await mailOf(account)).toEqual({
      'new 1': ['Screener'],
      'new 2': ['Screener'],
      'new 3': ['Holidays', 'Screener'],
      'new 4': ['Archive'],
      'bob 1': ['Screener'],
      'bob 2': ['Inbox'],
      'changed 1': ['Screener'],
      'nameless 1': ['Screener'],
      'conflict 1': ['@ToFeed', '@ToJail', 'Screener'],
      'other in Inbox': ['Inbox'],
      'other in Feed': ['Feed'],
      'other in Jail': ['Jail'],
      'other in Paper Trail': ['Paper Trail'],
    });
    expect(await account.groups()).toEqual({ ...EMPTY_GROUPS, Family: ['own-bob'] });
    const changedUid = /^UID:(.*)\r$/m.exec(changed)?.[1] as string;
    expect(await contactsOf(account)).toEqual({ ...ownBefore, [changedUid]: changed });

    const after = await account.state();
    expect((await reset(account, '--apply', '--yes')).stdout).toContain('There is nothing to take back.');
    expect(await account.state()).toBe(after);
  });

  it('takes off the system labels of mail that was never triaged, and leaves no message without a mailbox', async () => {
    const account = await screenedAccount(cyrus());
    await account.addMessage({ subject: 'orphan', mailboxes: ['@MailroomError'] });
    await account.addMessage({
      subject: 'nobody',
      from: null,
      mailboxes: ['Inbox', '@MailroomError', '@MailroomWarning'],
    });
    await reset(account, '--apply', '--yes');
    expect(await mailOf(account)).toEqual({ orphan: ['Screener'], nobody: ['Inbox'] });
  });

  it('needs no more than the Screener', async () => {
    const server = cyrus();
    const account = await screenedAccount(server);
    await account.addMessage({ subject: 'one', mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const renamed = {
      MAILROOM_LABEL_TO_JAIL: '@Gone',
      MAILROOM_GROUP_JAIL: 'Gone',
      MAILROOM_LABEL_MAILROOM_ERROR: '@GoneToo',
    };
    const { status } = await runMailroom(['reset', '--apply', '--yes'], { account: account.account, env: renamed });
    expect(status).toBe(0);
    expect(await account.mailboxesOf('one')).toEqual(['Screener']);
  });

  it('leaves a group alone that has the name of one for domains, where no verdict was ever on a domain', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeGroup({ name: 'Feed domains', members: ['somebody'] });
    await account.addMessage({ subject: 'one', mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    await reset(account, '--apply', '--yes');
    expect(await account.groups()).toEqual({ ...EMPTY_GROUPS, 'Feed domains': ['somebody'] });
  });

  it('keeps a contact that the user has put into a group, and the name that the user gave one', async () => {
    const account = await screenedAccount(cyrus());
    await account.putCard(card('nameless', ['ann@sender.example'], ['FN:']));
    await account.addMessage({ from: 'Ann <ann@sender.example>', mailboxes: ['Screener', '@ToFeed'] });
    await account.addMessage({ from: 'Bob <bob@sender.example>', mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const bob = await account.contactOf('bob@sender.example');
    await account.makeGroup({ name: 'Family', members: [/^UID:(.*)\r$/m.exec(bob.text)?.[1] as string] });
    const ann = await account.contactOf('ann@sender.example');
    await account.putCard(ann.text.replace('FN:Ann', 'FN:Aunt Ann'));
    const { stdout } = await reset(account, '--apply', '--yes');
    expect(stdout).toContain('Bob <bob@sender.example>');
    expect((await account.contactOf('bob@sender.example')).text).not.toContain('NOTE');
    expect((await account.contactOf('ann@sender.example')).text).toContain('FN:Aunt Ann\r\n');
  });

  it('killed before, in or after any of its writes and started again, ends the same', async () => {
    const account = await screenedAccount(cyrus());
    await livedIn(account);
    await cycle(account);
    await changeTheChanged(account);
    const restore = await cyrus().snapshot(account.account);
    const ended = async () => [
      await mailOf(account),
      await account.groups(),
      Object.values(await contactsOf(account)).sort(),
    ];
    const proxy = await startProxy(cyrus().origin);
    try {
      const through = accountAt(account.account, proxy.origin);
      expect((await runMailroom(['reset', '--apply', '--yes'], { account: through })).status).toBe(0);
      const writes = proxy.requests.filter((request) => request.writes).length;
      expect(writes).toBeGreaterThan(7);
      const wanted = await ended();

      for (let write = 1; write <= writes; write += 1) {
        proxy.forget();
        await restore();
        const killed = startHere(['reset', '--apply', '--yes'], { account: through });
        let seen = 0;
        const strike = async () => {
          killed.kill();
          // Half of the times the server gets the request nevertheless.
          if (write % 2 === 0) throw new Error('The request is lost');
        };
        proxy.fault((request) => request.writes && ++seen === write, { hold: strike }, 1);
        expect((await killed.ended).signalled).toBe('SIGKILL');
        expect(Object.values(await mailOf(account)).every((mailboxes) => mailboxes.length > 0)).toBe(true);
        await reset(account, '--apply', '--yes');
        expect(await ended()).toEqual(wanted);
      }
    } finally {
      await proxy.stop();
    }
  }, 180_000);

  it('stops after SIGTERM, says so, and goes on when it is run again', async () => {
    const account = await screenedAccount(cyrus());
    const senders = Array.from({ length: 40 }, (_, index) => `s${index}@sender.example`);
    await account.addMessages(senders.map((from) => ({ subject: from, from, mailboxes: ['Screener', '@ToFeed'] })));
    await cycle(account);
    const proxy = await startProxy(cyrus().origin);
    try {
      const running = await startMailroom(['reset', '--apply', '--yes'], {
        account: accountAt(account.account, proxy.origin),
      });
      let deletions = 0;
      const strike = async () => running.kill('SIGTERM');
      proxy.fault(({ method }) => method === 'DELETE' && ++deletions === 5, { hold: strike }, 1);
      const { status, stdout } = await running.ended;
      expect(status).toBe(75);
      expect(stdout).toContain('Stopped before the end.');
      const left = Object.keys(await contactsOf(account)).length;
      expect([left > 0, left < 36]).toEqual([true, true]);
    } finally {
      await proxy.stop();
    }
    await reset(account, '--apply', '--yes');
    expect(await contactsOf(account)).toEqual({});
    expect(new Set(Object.values(await mailOf(account)).flat())).toEqual(new Set(['Screener']));
  });

  it('keeps the history of a sender whose mail could not be moved, says so with 75, and mends it later', async () => {
    const account = await screenedAccount(cyrus());
    await account.addMessage({ subject: 'one', from: 'one@sender.example', mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const proxy = await startProxy(cyrus().origin);
    try {
      proxy.fault(({ kind }) => kind === 'Email/set', { answer: { status: 400, body: '{"type":"broken"}' } });
      const { status, stdout, stderr } = await runMailroom(['reset', '--apply', '--yes'], {
        account: accountAt(account.account, proxy.origin),
      });
      expect(status).toBe(75);
      expect(stdout).toContain('Not all of it could be taken back.');
      expect(stderr).toContain('Run it again');
      expect((await account.contactOf('one@sender.example')).text).toContain('NOTE:Mailroom ');
    } finally {
      await proxy.stop();
    }
    await reset(account, '--apply', '--yes');
    expect(await contactsOf(account)).toEqual({});
    expect(await account.mailboxesOf('one')).toEqual(['Screener']);
  });

  it('takes a name back that looks like a line of history, and says which names and verdicts stay', async () => {
    const account = await screenedAccount(cyrus());
    await account.putCards(['one', 'two'].map((name) => card(name, [`${name}@sender.example`], ['FN:'])));
    const before = await contactsOf(account);
    for (const name of ['one', 'two']) {
      const from = `"Ann <x@y> (name filled: Bob" <${name}@sender.example>`;
      await account.addMessage({ subject: name, from, mailboxes: ['Screener', '@ToFeed'] });
    }
    await cycle(account);
    const second = await account.contactOf('two@sender.example');
    expect(second.text).toContain('FN:Ann <x@y> (name filled: Bob');
    await account.putCard(
      second.text.replace(/^FN:.*$/m, 'FN:Two').replace(/^NOTE:/m, 'NOTE:Mailroom 2026-01-01: Old\\n'),
    );
    const { stdout } = await reset(account, '--apply', '--yes');
    expect(stdout).toContain('No category of the settings has these names of the history');
    expect(stdout).toContain(
      '1 contact with another name than the one that Mailroom gave was left with that name:\n  Two <two@sender.example>',
    );
    expect(stdout).toContain('All of it is taken back, but for what is said above to stay.');
    expect(await mailOf(account)).toEqual({ one: ['Screener'], two: ['Screener'] });
    const after = await contactsOf(account);
    expect(after['one']).toBe(before['one']);
    expect(JSON.stringify(after)).not.toContain('Mailroom');
  });

  it('moves mail back that is filed while it works', async () => {
    const account = await screenedAccount(cyrus());
    await account.addMessage({ subject: 'one', from: 'one@sender.example', mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const proxy = await startProxy(cyrus().origin);
    try {
      const arrive = () => account.addMessage({ subject: 'two', from: 'one@sender.example', mailboxes: ['Feed'] });
      proxy.fault(({ kind }) => kind === 'Email/set', { hold: arrive }, 1);
      const through = accountAt(account.account, proxy.origin);
      expect((await runMailroom(['reset', '--apply', '--yes'], { account: through })).status).toBe(0);
    } finally {
      await proxy.stop();
    }
    expect(await mailOf(account)).toEqual({ one: ['Screener'], two: ['Screener'] });
    expect(await contactsOf(account)).toEqual({});
  });

  it('asks on a terminal, and does it after a yes alone', async () => {
    const account = await screenedAccount(cyrus());
    await account.addMessage({ subject: 'one', mailboxes: ['Screener', '@ToFeed'] });
    await cycle(account);
    const lived = await account.state();
    for (const [answer, exit] of [
      ['no\n', 1],
      ['y\n', 1],
      ['\n', 1],
      ['\u0004', 1],
      ['\u0003', 130],
    ] as const) {
      const { screen, status } = await typed(account, answer);
      expect(status).toBe(exit);
      expect(screen).toContain('1 message of 1 sender would be moved back to Screener');
      expect(screen).toContain('Type yes to go on:');
      expect(screen).toContain('Nothing was written.');
      expect(await account.state()).toBe(lived);
    }
    expect(await typed(account, 'yes\n')).toMatchObject({
      status: 0,
      screen: expect.stringContaining('All of it is taken back.'),
    });
    expect(await account.mailboxesOf('one')).toEqual(['Screener']);
  });
});

/** What a terminal shows of `reset --apply` when somebody types this. */
async function typed({ account }: TestAccount, answer: string) {
  const command = `${process.execPath} ${resolve('dist/run.js')} reset --apply`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env.PATH, TERM: 'xterm', ...settingsOf(account) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8').once('data', () => child.stdin.write(answer));
  const ended = new Promise<number | null>((resolveStatus) => child.once('close', resolveStatus));
  const screen = await text(child.stdout);
  child.stdin.end();
  return { screen, status: await ended };
}

describe('The command line of reset', () => {
  it.each([
    [['reset', '--apply']],
    [['reset', '--apply', '--json']],
    [['reset', '--yes']],
    [['reset', 'everything']],
    [['reset', '--rules']],
    [['reset', '--count']],
  ])('refuses %j without a terminal, with a usage line', async (args) => {
    const { status, stdout, stderr } = await runMailroom(args, { input: 'yes\n' });
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(`Usage: ${PROGRAM} reset [--apply [--yes]] [--json]`);
  });
});
