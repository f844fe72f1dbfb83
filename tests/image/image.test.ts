import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyCheckout } from '../support/checkout';
import { type CyrusServer, cyrusRequirement, sharedCyrus } from '../support/cyrus';
import { buildahRequirement, type Image, type ImageWorkshop, openImageWorkshop } from '../support/image';
import { settingsOf } from '../support/mailroom';
import { describeWith } from '../support/requirement';
import { screenedAccount } from '../support/test-account';

const CANARY = 'canary-that-no-image-may-hold';

describeWith(buildahRequirement, 'The image', () => {
  let workshop: ImageWorkshop;
  let folder: string;
  let context: string;
  let image: Image;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-context-'));
    context = join(folder, 'mailroom');
    await copyCheckout(context);
    for (const path of ['deploy/secret.yaml', 'deploy/secret.yml', '.env', 'src/.env', 'src/secret.yaml', 'notes.txt'])
      await writeFile(join(context, path), CANARY);
    workshop = await openImageWorkshop();
    image = await workshop.build(context);
  }, 300_000);

  afterAll(() => workshop?.close());
  afterAll(() => rm(folder, { recursive: true }));

  it('says its version, as another user than root and with a read-only root', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await image.run(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(image.user).toBe('65532:65532');
  });

  it('cannot write anywhere', async () => {
    const script = `
      const { writeFileSync } = require('node:fs');
      const codes = ['/', '/app/', '/tmp/', '/app/compile-cache/'].map((folder) => {
        try { writeFileSync(folder + 'new', ''); return 'written'; } catch (error) { return error.code; }
      });
      console.log(process.getuid(), ...codes);
    `;
    expect(await image.evaluate(script)).toMatchObject({ stdout: '65532 EROFS EROFS EROFS EROFS\n' });
  });

  it('runs one cycle where nothing else is asked of it', () => {
    expect(image.entrypoint).toEqual(['/usr/local/bin/node', '/app/run.js']);
    expect(image.command).toEqual(['--once']);
  });

  it('finds the code cache that was made with it, under the options of the CronJob', async () => {
    const environment = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE', NODE_OPTIONS: '--max-old-space-size=76' };
    const { stderr } = await image.run(['--version'], environment);
    expect(stderr).toMatch(/\/app\/run\.js was accepted/);
    expect(stderr).not.toMatch(/was rejected/);
  });

  it('holds the bundle, its licences and the code cache, and nothing else of the project', async () => {
    const { stdout } = await promisify(execFile)('find', ['app', '-type', 'f'], { cwd: image.root });
    const files = stdout.trim().split('\n').sort();
    expect(files).toEqual([
      'app/LICENSE',
      expect.stringMatching(/^app\/compile-cache\/v24\.[^/]+-65532\/[0-9a-f]+$/),
      'app/run.js',
      'app/run.js.LEGAL.txt',
    ]);
  });

  it('says what it is and where it comes from', () => {
    expect(image.labels).toMatchObject({
      'org.opencontainers.image.source': 'https://github.com/hellothisisflo/mailroom',
      'org.opencontainers.image.licenses': 'MIT',
    });
  });

  it('is built without a credential ever being sent, wherever one lies', async () => {
    const sent = await workshop.filesSent(context);
    expect(sent).toContain('src/run.ts');
    expect(sent.filter((name) => /secret|\.env|notes|deploy|tests|node_modules/.test(name))).toEqual([]);
    const { stdout } = await promisify(execFile)('grep', ['-rl', CANARY, image.root]).catch((error) => error);
    expect(stdout).toBe('');
  });

  describeWith(cyrusRequirement, 'beside a Cyrus', () => {
    let cyrus: CyrusServer;
    beforeAll(async () => {
      cyrus = await sharedCyrus();
    });

    it('triages in one cycle', async () => {
      const account = await screenedAccount(cyrus);
      await account.addMessage({ subject: 'news', from: 'news@sender.example', mailboxes: ['Screener', '@ToFeed'] });
      const { status, stdout } = await image.run(image.command, {
        ...settingsOf(account.account),
        NODE_OPTIONS: '--max-old-space-size=76',
      });
      expect({ status, stdout }).toMatchObject({ status: 0 });
      expect(await account.mailboxesOf('news')).toEqual(['Feed']);
      expect((await account.groups())['Feed']).toHaveLength(1);
    });
  });
});
