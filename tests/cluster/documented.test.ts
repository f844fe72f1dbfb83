import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { accountAt } from '../support/account';
import { type ControlPlane, controlPlaneRequirement, startControlPlane } from '../support/control-plane';
import { type CyrusServer, cyrusRequirement, startCyrus } from '../support/cyrus';
import { NAMESPACE } from '../support/deployment';
import { writeDocumentedFiles } from '../support/documented-files';
import { fencedBlocks } from '../support/fenced-blocks';
import { fillInManifests } from '../support/filled-in-manifests';
import { type PodPlayer, startPodPlayer } from '../support/pod-player';
import { describeWith } from '../support/requirement';
import { screenedAccount } from '../support/test-account';

jest.setTimeout(300_000);

describe('docs/deploy.md', () => {
  it('says of each block of commands that the tests cannot run why', async () => {
    const left = (await fencedBlocks('docs/deploy.md')).filter(({ notRun }) => notRun !== undefined);
    expect(
      left.map(({ notRun, text }) => [notRun, text.split('\n').map((line) => line.split(' ', 2).join(' '))]),
    ).toEqual([
      ['needs the registry', ['docker buildx', 'gh attestation', '']],
      ['needs Docker and a registry', [expect.stringMatching(/^image=registry.example/), 'docker buildx', '']],
      ['needs a registry', [expect.stringMatching(/^image=registry.example/), 'buildah build', 'buildah push', '']],
      ['needs the controller of Sealed Secrets', ['kubeseal --format=yaml', 'kubectl apply', '']],
    ]);
  });

  it.each(['dash', 'bash'])('has commands that %s understands', async (shell) => {
    for (const { language, text } of await fencedBlocks('docs/deploy.md'))
      if (language === 'sh') await promisify(execFile)(shell, ['-n', '-c', text]);
  });
});

describeWith(controlPlaneRequirement, 'docs/deploy.md on a control plane', () => {
  describeWith(cyrusRequirement, 'beside a Cyrus', () => {
    let controlPlane: ControlPlane;
    let cyrus: CyrusServer;
    let player: PodPlayer | undefined;
    let folder: string;

    beforeAll(async () => {
      [controlPlane, cyrus] = await Promise.all([startControlPlane(), startCyrus()]);
    }, 120_000);
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mailroom-documented-'));
      player = startPodPlayer({ controlPlane, namespace: NAMESPACE, program: resolve('dist/run.js') });
    });
    afterEach(async () => {
      await player?.stop();
      await rm(folder, { recursive: true });
    });
    afterAll(() => cyrus?.stop());
    afterAll(() => controlPlane?.stop());

    /** Runs the commands as one session of the shell, in the folder. `editor`: what the user does to the Secret. */
    async function session(shell: string, commands: string, editor: string): Promise<string> {
      const bin = join(folder, 'bin');
      await mkdir(bin);
      await symlink(controlPlane.kubectlProgram, join(bin, 'kubectl'));
      await writeFile(join(bin, 'editor'), `#!/bin/sh\n${editor}\n`);
      await chmod(join(bin, 'editor'), 0o755);
      const env = {
        PATH: `${bin}:${process.env.PATH}`,
        ...controlPlane.kubectlEnvironment,
        EDITOR: 'editor',
        HOME: folder,
      };
      const { stdout } = await promisify(execFile)(shell, ['-eu', '-c', commands], { cwd: folder, env });
      return stdout;
    }

    it.each(['dash', 'bash'])('runs from the first block to the last in %s, from nothing to nothing', async (shell) => {
      const account = await screenedAccount(cyrus);
      await account.addMessage({ subject: 'news', from: 'news@sender.example', mailboxes: ['Screener', '@ToFeed'] });
      const blocks = await fencedBlocks('docs/deploy.md');
      await cp('deploy', join(folder, 'deploy'), { recursive: true });
      await writeDocumentedFiles(folder, blocks);
      const filledIn = join(folder, 'filled-in');
      await cp('deploy', filledIn, { recursive: true });
      await fillInManifests(filledIn, { account: accountAt(account.account, cyrus.origin) });
      for (const name of ['20-config.yaml', '40-cronjob.yaml'])
        await cp(join(filledIn, name), join(folder, 'deploy', name));
      await writeFile(join(folder, 'second-account/secret.env'), 'MAILROOM_JMAP_TOKEN=token\n');
      await writeFile(join(folder, 'private-authority/authority.crt'), controlPlane.ca);

      const commands = blocks.filter(({ language, notRun }) => language === 'sh' && notRun === undefined);
      const script = commands.map(({ line, text }) => `echo '# line ${line}'\n${text}`).join('\n');
      const output = await session(shell, script, `cp '${join(filledIn, 'secret.yaml')}' "$1"`);

      const printed = new Map(
        output.split(/^# line /m).map((part) => [Number.parseInt(part, 10), part.slice(part.indexOf('\n') + 1)]),
      );
      const saidBy = (words: string): string =>
        printed.get(commands.find(({ text }) => text.includes(words))?.line ?? 0) ?? '';
      expect(saidBy('job=now-')).toMatch(/"level":"info","message":"Triaged 1 sender/);
      expect(await account.mailboxesOf('news')).toEqual(['Feed']);
      expect(saidBy('describe cronjob')).toContain('mailroom/last-success');
      expect(saidBy('job=status-')).toMatch(/✓ .*\n[\s\S]*Last success /);
      expect(saidBy('second-account/')).toMatch(/cronjob.batch\/mailroom created[\s\S]*\*\/5/);
      expect((await controlPlane.kubectl('get', 'namespace', NAMESPACE)).stderr).toContain('not found');
      await controlPlane.kubectl('delete', 'namespace', 'mailroom-ann');
    });

    it.each(['dash', 'bash'])(
      'has a mailroom_job that refuses to run nothing in %s, and takes any word',
      async (shell) => {
        const block = (await fencedBlocks('docs/deploy.md')).find(({ text }) => text.includes('mailroom_job() {'));
        const stub = `kubectl() { case "$*" in *patch*) printf '%s\\n' "$*" ;; *--dry-run*) : ;; *) cat ;; esac; }`;
        const refused = session(shell, `${stub}\n${block?.text}\nmailroom_job only-a-name`, ':');
        await expect(refused).rejects.toMatchObject({
          code: 64,
          stderr: expect.stringContaining('mailroom_job NAME WORD'),
        });
        await rm(join(folder, 'bin'), { recursive: true });
        const words = String.raw`'explain' 'a"b\c@d.example' '$HOME *' --json`;
        const patched = await session(shell, `${stub}\n${block?.text}\nmailroom_job name ${words}`, ':');
        const { value } = JSON.parse(/--patch=\[(.*)\]\s*$/.exec(patched)?.[1] ?? '');
        expect(value).toEqual(['explain', 'a"b\\c@d.example', '$HOME *', '--json']);
      },
    );
  });
});
