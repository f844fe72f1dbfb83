import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cloneCheckout } from '../support/checkout';
import { type EmbeddedServer, startEmbedded } from '../support/embedded/server';
import { deliver, importRules } from '../support/fastmail-rules';
import { fencedBlocks } from '../support/fenced-blocks';
import { settingsOf } from '../support/mailroom';
import { describeWith } from '../support/requirement';
import { openTerminal, terminalRequirement } from '../support/terminal';
import { openAccount, type TestAccount } from '../support/test-account';

const run = promisify(execFile);

const STRANGER = 'Garden Weekly <hello@garden-weekly.example>';

/** The blocks of a section of the README, in their order. */
async function blocksOf(folder: string, section: string): Promise<readonly string[]> {
  const path = join(folder, 'README.md');
  const lines = (await readFile(path, 'utf8')).split('\n');
  const start = lines.indexOf(`## ${section}`);
  const end = lines.findIndex((line, index) => index > start && line.startsWith('## '));
  if (start < 0) throw new Error(`The README has no section ${section}`);
  const blocks = await fencedBlocks(path);
  return blocks.filter(({ line, language }) => language === 'sh' && line > start && line < end).map(({ text }) => text);
}

/**
 * From `git clone` to a triaged message and back to a clean account, by the README's own blocks. The mail server is one in
 * memory; what a person does at Fastmail (importing rules, labelling, taking rules out) is done to it.
 */
describeWith(terminalRequirement, "The README's way, and back", () => {
  let folder: string;
  let server: EmbeddedServer;
  let account: TestAccount;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-walk-'));
    await cloneCheckout(folder);
    server = await startEmbedded();
    account = await openAccount(await server.addUser());
    const editor = `${folder}-editor`;
    const settings = Object.entries(settingsOf(account.account)).map(([name, value]) => `${name}=${value}`);
    // A person who fills in what the file asks for, and the server, which is not Fastmail's here.
    await writeFile(editor, `#!/bin/sh\ncat >>"$1" <<'END'\n${settings.join('\n')}\nEND\n`);
    await chmod(editor, 0o755);
    env = {
      EDITOR: editor,
      HOME: process.env.HOME ?? '',
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
    };
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}-editor`, { force: true });
  });

  async function shell(block: string): Promise<string> {
    const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } };
    return (await run('sh', ['-e', '-c', block], options)).stdout;
  }

  it('leads from a clone to a triaged sender, and takes all of it back', async () => {
    const [install, setUp, cycle, ...others] = await blocksOf(folder, 'On your Fastmail account');
    expect(others).toEqual([]);

    const changes = () => shell('git status --porcelain');
    const changesBefore = await changes();

    await shell(install ?? '');
    expect((await stat(join(folder, '.env'))).mode & 0o077).toBe(0);

    expect(await shell(setUp ?? '')).toContain('Nothing stops a cycle.');
    const rules = importRules(await readFile(join(folder, 'mailrules.json'), 'utf8'));
    const before = await account.mailboxes();

    expect(await deliver(account, rules, { subject: 'first', from: STRANGER })).toEqual(['Screener']);
    expect(await deliver(account, rules, { subject: 'second', from: STRANGER })).toEqual(['Screener']);
    const [{ id = '' } = {}] = await account.messages();
    await account.labelMessage(id, '@ToFeed');
    expect(await shell(cycle ?? '')).toContain('"message":"Triaged 1 sender, filed 2 messages, 1 contact made"');
    expect(await account.mailboxesOf('first')).toEqual(['Feed']);
    expect(await account.mailboxesOf('second')).toEqual(['Feed']);
    expect(await deliver(account, rules, { subject: 'third', from: STRANGER })).toEqual(['Feed']);

    const [takeBack = '', ...more] = await blocksOf(folder, 'Removing it all');
    expect(more).toEqual([]);
    const terminal = await openTerminal({ columns: 80, folder, env, command: ['sh', '-e', '-c', takeBack] });
    try {
      await terminal.shows(/Type yes to go on:/);
      expect(await terminal.shown()).toContain(`  ${rules.map(({ name }) => name).join(', ')}\n`);
      await terminal.type('yes', 'Enter');
      expect(await terminal.ended()).toBe(0);
      expect(await terminal.shown()).toContain('All of it is taken back.');
    } finally {
      await terminal.close();
    }
    for (const subject of ['first', 'second', 'third']) {
      expect(await account.mailboxesOf(subject)).toEqual(['Screener']);
    }
    expect(Object.values(await account.groups()).flat()).toEqual([]);
    expect((await account.cards()).filter(({ text }) => text.includes('garden-weekly'))).toEqual([]);
    expect(await account.mailboxes()).toEqual(before);
    expect(await deliver(account, [], { subject: 'fourth', from: STRANGER })).toEqual(['Inbox']);
    // Credentials and rules are nothing that a user commits by accident.
    expect(await changes()).toBe(changesBefore);
  }, 300_000);
});
