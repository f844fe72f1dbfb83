import { runHere } from '../support/bundle-here';
import { type MailroomRun, runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { screenedAccount, type TestAccount } from '../support/test-account';

const TODAY = new Date().toISOString().slice(0, 10);

async function history({ account }: TestAccount, ...args: readonly string[]): Promise<MailroomRun> {
  return runHere(['history', ...args], { account });
}

describeOnCyrus('The verdicts so far, on Cyrus', (cyrus) => {
  it('are none where there were none', async () => {
    const account = await screenedAccount(cyrus());
    expect(await history(account)).toMatchObject({
      status: 0,
      stdout: 'No note of a contact tells of a verdict.\n',
      stderr: '',
    });
    expect((await history(account, '--json')).stdout).toBe('[]\n');
  });

  it('are told for everybody or for one sender, the newest first, and nothing is written', async () => {
    const account = await screenedAccount(cyrus());
    const ann = await account.addMessage({ from: 'Ann <ann@sender.example>', mailboxes: ['@ToFeed'] });
    await account.addMessage({ from: 'bob@sender.example', mailboxes: ['@ToJail'] });
    await cycle(account);
    await account.labelMessage(ann, '@ToImbox');
    await cycle(account);
    const before = await account.state();

    const all = await history(account);
    expect(all).toMatchObject({ status: 0, stderr: '' });
    expect(all.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ['WHEN', 'SENDER', 'NAME', 'VERDICT'],
        [TODAY, 'ann@sender.example', 'Ann', 'Feed → Imbox'],
        [TODAY, 'ann@sender.example', 'Ann', 'Feed'],
        [TODAY, 'bob@sender.example', 'bob@sender.example', 'Jail'],
      ]),
    );
    const verdict = { date: TODAY, sender: 'ann@sender.example', name: 'Ann' };
    expect(JSON.parse((await history(account, 'ANN@sender.example', '--json')).stdout)).toEqual([
      { ...verdict, from: 'Feed', category: 'Imbox' },
      { ...verdict, from: null, category: 'Feed' },
    ]);
    expect(JSON.parse((await history(account, '--count', '1', '--json')).stdout)).toHaveLength(1);
    expect(await account.state()).toBe(before);
  });
});

describe('The command line of history', () => {
  it.each([
    [['history', 'ann']],
    [['history', '--count']],
    [['history', '--count', '0']],
    [['history', '--count=x']],
    [['history', 'a@b.example', 'c@b.example']],
  ])('refuses %j with a usage line', async (args) => {
    const { status, stdout, stderr } = await runMailroom(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain('history [ADDRESS] [--count N] [--json]');
  });
});
