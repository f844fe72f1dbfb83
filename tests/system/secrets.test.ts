import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, type ScriptedServer, type SeenRequest, startScriptedServer } from '../http/scripted-server';
import { sessionWith } from '../mail/scripted-jmap';
import { type MailroomRun, runMailroom } from '../support/mailroom';

const TOKEN = 'fmu1-9f3c77aa-d1c0ffee-5f2e';
const PASSWORD = 'hunter2 "and" more';
const USERNAME = 'me.myself@example.com';
const BASIC = Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64');

/** What nobody may read, as it is and in part. */
const FORBIDDEN = [/fmu1-9f3/i, /hunter2/i, new RegExp(BASIC.slice(0, 12)), /me\.myself/i];

const PROBLEM = { 'content-type': 'application/problem+json' };

type Echo = (request: SeenRequest, origin: string) => Answer;

/** What a server may answer that gives back what only the two know. */
const ECHOES: readonly (readonly [string, Echo])[] = [
  [
    'in a problem detail',
    ({ headers }) => ({
      status: 400,
      headers: PROBLEM,
      body: JSON.stringify({ type: 'about:blank', detail: `You sent ${headers.authorization} for ${USERNAME}` }),
    }),
  ],
  [
    'in a problem detail, cut off in its middle',
    ({ headers }) => ({
      status: 400,
      headers: PROBLEM,
      body: JSON.stringify({ type: 'x', detail: `${'You sent '.repeat(20)}${headers.authorization}` }),
    }),
  ],
  [
    'in the path of a redirect',
    ({ headers }, origin) => ({
      status: 302,
      headers: { location: `${origin}/for/${USERNAME}/${encodeURI(headers.authorization ?? '')}` },
    }),
  ],
  [
    'in the path of a redirect, all of it encoded',
    ({ headers }, origin) => ({
      status: 302,
      headers: { location: `${origin}/for/${percentEncoded(headers.authorization ?? '')}` },
    }),
  ],
  [
    'in the host of a redirect',
    ({ headers }) => ({
      status: 302,
      headers: { location: `https://${(headers.authorization ?? '').replace(/^\S+ |=+$/g, '')}.example/` },
    }),
  ],
  [
    'in a precondition',
    ({ headers }) => ({
      status: 409,
      body: `<error xmlns="DAV:"><x-${headers.authorization?.split(' ')[1]}/></error>`,
    }),
  ],
];

function percentEncoded(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

describe('What a server gives back of the credentials', () => {
  let server: ScriptedServer;
  let folder: string;
  beforeEach(async () => {
    server = await startScriptedServer();
    folder = await mkdtemp(join(tmpdir(), 'mailroom-secrets-'));
  });
  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function run(...words: readonly string[]): Promise<MailroomRun & { readonly lastWords: string }> {
    const terminationLog = join(folder, 'termination-log');
    await writeFile(terminationLog, '');
    const ended = await runMailroom(words, {
      env: {
        MAILROOM_JMAP_TOKEN: TOKEN,
        MAILROOM_JMAP_SESSION_URL: `${server.origin}/jmap/session`,
        MAILROOM_CARDDAV_URL: server.origin,
        MAILROOM_CARDDAV_USERNAME: USERNAME,
        MAILROOM_CARDDAV_PASSWORD: PASSWORD,
        MAILROOM_LOG_LEVEL: 'debug',
        MAILROOM_TERMINATION_LOG: terminationLog,
      },
    });
    return { ...ended, lastWords: await readFile(terminationLog, 'utf8') };
  }

  /** Every request, or every one behind the session, is answered by the echo. */
  function script(echo: Echo, session: 'echoed' | 'given'): void {
    server.script((request) =>
      session === 'given' && request.path === '/jmap/session'
        ? { status: 200, body: JSON.stringify(sessionWith()) }
        : echo(request, server.origin),
    );
  }

  it.each(ECHOES)('%s is in no log and in no last words of a pod', async (_, echo) => {
    for (const session of ['echoed', 'given'] as const) {
      script(echo, session);
      const { status, stdout, stderr, lastWords } = await run('--once');
      expect([75, 78]).toContain(status);
      expect(lastWords).not.toBe('');
      for (const secret of FORBIDDEN) expect(lastWords).not.toMatch(secret);
      // The address is the user's own, and stands in the log at `debug`.
      for (const secret of FORBIDDEN.slice(0, -1)) expect(stdout + stderr).not.toMatch(secret);
    }
  });

  it.each(['check', 'queue', 'setup'])('is not in what %s prints', async (command) => {
    for (const [, echo] of ECHOES) {
      script(echo, 'given');
      const { stdout, stderr } = await run(command);
      expect(stdout + stderr).not.toBe('');
      for (const secret of FORBIDDEN.slice(0, -1)) expect(stdout + stderr).not.toMatch(secret);
    }
  });
});
