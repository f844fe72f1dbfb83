import { runHere, startHere } from './bundle-here';
import { type EmbeddedServer, startEmbedded } from './embedded/server';
import { screenedAccount, type TestAccount } from './test-account';

describe('The built bundle in this process', () => {
  let server: EmbeddedServer;

  beforeAll(async () => {
    server = await startEmbedded();
  });
  afterAll(() => server.stop());

  async function labelledAccount(): Promise<TestAccount> {
    const account = await screenedAccount(server);
    await account.addMessage({ subject: 'one', from: 'a@shop.example', mailboxes: ['Screener', '@ToFeed'] });
    return account;
  }

  it('ends as its process would', async () => {
    const account = await labelledAccount();
    const { status, signalled, stderr, records } = await runHere(['--once'], account);
    expect({ status, signalled, stderr, triaged: records.at(-1)?.['triaged'] }).toEqual({
      status: 0,
      signalled: null,
      stderr: '',
      triaged: 1,
    });
    expect(await account.mailboxesOf('one')).toEqual(['Feed']);
    expect(await runHere(['--onse'], account)).toMatchObject({ status: 64, stderr: expect.stringMatching('--once') });
  });

  it.each(['before', 'after'])('sends nothing more once it is killed, %s the server has heard it', async (when) => {
    const [killed, other] = [await labelledAccount(), await labelledAccount()];
    const run = startHere(['--once'], killed);
    let requests = 0;
    server.gate(killed.account, async ({ method }, serve) => {
      requests++;
      if (method !== 'PUT') return serve();
      if (when === 'before') run.kill();
      const answer = await serve();
      run.kill();
      return answer;
    });
    expect(await run.ended).toMatchObject({ status: null, signalled: 'SIGKILL' });
    const sent = requests;
    expect(await runHere(['--once'], other)).toMatchObject({ status: 0 });
    expect(requests).toBe(sent);
    expect(await killed.mailboxesOf('one')).toEqual(['@ToFeed', 'Screener']);
  });
});
