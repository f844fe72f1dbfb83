import { type Method, type ScriptedJmap, sessionWith, startScriptedJmap } from './scripted-jmap';

const SUBMISSION = 'urn:ietf:params:jmap:submission';

describe("the user's own addresses", () => {
  let jmap: ScriptedJmap;
  beforeEach(async () => {
    jmap = await startScriptedJmap();
  });
  afterEach(() => jmap.stop());

  async function addressesWith(username: string, submits: boolean, answer: ReturnType<Method>) {
    const session = sessionWith();
    const capabilities = submits ? { ...Object(session['capabilities']), [SUBMISSION]: {} } : session['capabilities'];
    const accounts = { ann: { accountCapabilities: submits ? { [SUBMISSION]: {} } : {} } };
    jmap.session = { ...session, capabilities, accounts, username };
    jmap.methods['Identity/get'] = () => answer;
    const mail = await jmap.open();
    return mail.ownAddresses();
  }
  const asked = () => jmap.calls.flat().filter(([name]) => name === 'Identity/get');

  it('are those of the identities, and the name of the user where that is one', async () => {
    const list = [{ email: 'ann@own.example' }, { email: 'me@second.example' }, { email: '' }, {}];
    expect(await addressesWith('ann@own.example', true, { list })).toEqual(['ann@own.example', 'me@second.example']);
    expect(asked()).toHaveLength(1);
    const { using } = JSON.parse(jmap.http.requests.at(-1)?.body ?? '{}') as { readonly using: readonly string[] };
    expect(using).toContain(SUBMISSION);
  });

  it.each([
    ['the name of the user alone where the token gives no identities', 'ann@own.example', ['ann@own.example']],
    ['none where that is no address', 'ann', []],
  ])('are %s', async (_, username, expected) => {
    expect(await addressesWith(username, false, { list: [] })).toEqual(expected);
    expect(asked()).toEqual([]);
  });

  it('are the name of the user where the server refuses to tell, and are asked for again where it cannot now', async () => {
    expect(await addressesWith('ann@own.example', true, { error: { type: 'forbidden' } })).toEqual(['ann@own.example']);
    const passing = addressesWith('ann@own.example', true, { error: { type: 'serverUnavailable' } });
    await expect(passing).rejects.toMatchObject({ code: 'transient' });
  });
});
