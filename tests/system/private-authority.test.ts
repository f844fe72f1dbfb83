import { createServer } from 'node:https';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../http/loopback-certificate';
import { type ScriptedServer, startScriptedServer } from '../http/scripted-server';
import { type MailroomRun, runMailroom } from '../support/mailroom';

/** In the folder that Mailroom starts in. */
const FILE = 'authority.crt';

describe('A mail host whose certificate a private authority has signed', () => {
  let host: ScriptedServer;
  beforeAll(async () => {
    host = await startScriptedServer(createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }));
    host.script(() => ({ status: 401 }));
  });
  afterAll(() => host.stop());

  function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<MailroomRun> {
    return runMailroom(words, {
      files: { [FILE]: LOOPBACK_CERTIFICATE },
      env: {
        MAILROOM_JMAP_TOKEN: 'token-of-mine',
        MAILROOM_JMAP_SESSION_URL: `${host.origin}/jmap/session`,
        MAILROOM_CARDDAV_USERNAME: 'me',
        MAILROOM_CARDDAV_PASSWORD: 'password-of-mine',
        MAILROOM_CARDDAV_URL: host.origin,
        ...env,
      },
    });
  }

  it('is not trusted, and the error says how to trust it', async () => {
    const cycle = await run(['--once']);
    expect(cycle.status).toBe(75);
    const [line] = cycle.records.filter(({ level }) => level === 'error').map(({ message }) => String(message));
    expect(line?.match(/certificate is not trusted .*?NODE_EXTRA_CA_CERTS.*?docs\/run-anywhere\.md/g)).toHaveLength(2);
    const check = await run(['check']);
    expect(check.stdout).toMatch(/certificate is not trusted[\s\S]*NODE_EXTRA_CA_CERTS/);
    expect(host.requests).toEqual([]);
  });

  it('is spoken to once NODE_EXTRA_CA_CERTS names it', async () => {
    const { status, stdout } = await run(['--once'], { NODE_EXTRA_CA_CERTS: FILE });
    expect(status).toBe(78);
    expect(stdout).toMatch(/credentials are rejected/);
    expect(host.requests).not.toEqual([]);
  });
});
