import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { accountAt, type MailServer } from '../support/account';
import { startEmbedded } from '../support/embedded/server';
import { type MailroomRun, runMailroom } from '../support/mailroom';
import { type ReverseProxy, startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';
import limits from './limits.json';

/** What a process evaluated: modules of the bundle as `package: path`, and Node's own. */
interface Evaluated {
  readonly modules: readonly string[];
  readonly nodes: readonly string[];
}

/**
 * Counts that hold on every machine, against those that are committed. A change that costs more says so by a change of
 * limits.json; one that costs less lowers them.
 */
describe('What a run costs', () => {
  let folder: string;
  let bundle: string;
  let server: MailServer;
  let proxy: ReverseProxy;
  let account: TestAccount;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-costs-'));
    bundle = join(folder, 'run.js');
    await promisify(execFile)(process.execPath, ['tests/costs/build-counting.mjs', bundle]);
    server = await startEmbedded();
    proxy = await startProxy(server.origin);
    account = await screenedAccount(server);
  });
  afterAll(async () => {
    await proxy?.stop();
    await server?.stop();
    await rm(folder, { recursive: true });
  });

  async function run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Evaluated & { readonly ended: MailroomRun }> {
    const file = join(folder, 'evaluated.json');
    proxy.forget();
    const at = accountAt(account.account, proxy.origin);
    const ended = await runMailroom(args, { account: at, bundle, env: { ...env, EVALUATED: file } });
    expect(ended).toMatchObject({ status: 0 });
    return { ended, ...(JSON.parse(await readFile(file, 'utf8')) as Evaluated) };
  }

  async function label(senders: readonly string[]): Promise<void> {
    await account.addMessages(
      senders.map((from) => ({ subject: 'labelled', from, mailboxes: ['Screener', '@ToFeed'] })),
    );
  }

  const total = () => Object.values(proxy.counts()).reduce((sum, count) => sum + count, 0);
  const received = () => proxy.requests.reduce((sum, one) => sum + one.received, 0);

  it('of --version is next to nothing', async () => {
    const { modules } = await run(['--version']);
    expect(modules.length).toBeLessThanOrEqual(limits.brief.modules);
    expect(packagesOf(modules)).toEqual(['Mailroom']);
  });

  it('of --help is little: what measures lines comes on top', async () => {
    const { modules } = await run(['--help']);
    expect(modules.length).toBeLessThanOrEqual(limits.help.modules);
    expect(packagesOf(modules)).not.toContain('winston');
  });

  it('of an idle cycle is what it needs, and nothing of what only other runs need', async () => {
    const { modules, nodes } = await run(['--once']);
    expect(modules.length).toBeLessThanOrEqual(limits.idle.modules);
    expect(packagesOf(modules)).toEqual(limits.idle.packages);
    expect(nodes.filter((name) => /undici|readablestream|fs\/promises/.test(name))).toEqual([]);
    expect(total()).toBeLessThanOrEqual(limits.idle.requests);
    expect(received()).toBeLessThanOrEqual(limits.idle.bytes);
  });

  it('of an idle cycle takes all of Node’s own modules from the code cache that Node brings along', async () => {
    const found = join(folder, 'compiled.json');
    const preload = join(folder, 'compiled.cjs');
    await writeFile(
      preload,
      `process.on('exit', () => {
        const { getCacheUsage } = require('internal/test/binding').internalBinding('builtins');
        require('node:fs').writeFileSync(process.env.COMPILED, JSON.stringify([...getCacheUsage().compiledWithoutCache]));
      });`,
    );
    const ended = await runMailroom(['--once'], {
      account: account.account,
      env: { COMPILED: found },
      nodeOptions: ['--expose-internals', '--require', preload],
    });
    expect(ended).toMatchObject({ status: 0 });
    // The one is what the preload itself loads.
    expect(JSON.parse(await readFile(found, 'utf8'))).toEqual(['internal/test/binding']);
  });

  it('grows by YAML where categories are set, and by vCards where one is written', async () => {
    const { modules } = await run(['--once', '--dry-run'], { MAILROOM_CATEGORIES: '[Feed]' });
    expect(packagesOf(modules)).toContain('js-yaml');
    await label(['first@sender.example']);
    expect(packagesOf((await run(['--once'])).modules)).toContain('vcard4');
  });

  it('grows by few requests with each further sender, be it new or known', async () => {
    const requestsFor = async (fromWhere: string, count: number, triageLabel: string): Promise<number> => {
      await account.addMessages(
        Array.from({ length: count }, (_, index) => ({
          subject: fromWhere,
          from: `Name ${index} <post@${index}${fromWhere}-${count}.example>`,
          mailboxes: ['Screener', triageLabel],
        })),
      );
      await run(['--once']);
      return total();
    };
    for (const [kind, fromWhere, triageLabel] of [
      ['new', 'shop', '@ToFeed'],
      ['known', 'shop', '@ToJail'],
      ['letIn', 'firm', '@ToImbox'],
    ] as const) {
      const [few, many] = [
        await requestsFor(fromWhere, 10, triageLabel),
        await requestsFor(fromWhere, 60, triageLabel),
      ];
      expect((many - few) / 50).toBeLessThanOrEqual(limits.perFurtherSender[kind]);
    }
  });

  it('makes one connection to each server for requests that follow each other', async () => {
    await run(['--once']);
    expect(proxy.connections).toBe(2);
  });
});

function packagesOf(modules: readonly string[]): readonly string[] {
  return [...new Set(modules.map((name) => name.replace(/: .*/, '')))].sort();
}

describe('The bundle', () => {
  it('has few bytes', async () => {
    expect((await readFile('dist/run.js')).length).toBeLessThanOrEqual(limits.bundle.bytes);
  });

  it('is built only where it is small enough', async () => {
    const { MOST_BYTES, requireSmall } = await import('../../src/bundle/sizes.mjs');
    const bytes = MOST_BYTES + 1;
    const metafile = {
      outputs: { 'run.js': { bytes, inputs: { 'node_modules/ky/a.js': { bytesInOutput: bytes } } } },
    };
    expect(() => requireSmall(metafile, 'run.js')).toThrow(
      new RegExp(`${bytes} bytes, and may have ${MOST_BYTES}:\\n +${bytes} ky`),
    );
    expect(MOST_BYTES).toBe(limits.bundle.bytes);
    metafile.outputs['run.js'].bytes -= 1;
    expect(() => requireSmall(metafile, 'run.js')).not.toThrow();
  });
});
