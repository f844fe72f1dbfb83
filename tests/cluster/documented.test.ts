import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { type Account, accountAt } from '../support/account';
import { type ControlPlane, controlPlaneRequirement, startControlPlane } from '../support/control-plane';
import { type CyrusServer, cyrusRequirement, sharedCyrus } from '../support/cyrus';
import { NAMESPACE } from '../support/deployment';
import { writeDocumentedFiles } from '../support/documented-files';
import { fencedBlocks } from '../support/fenced-blocks';
import { fillInManifests } from '../support/filled-in-manifests';
import type { Metadata } from '../support/kubernetes-objects';
import { settingsOf } from '../support/mailroom';
import { isComplete, isFailed, type PodPlayer, startPodPlayer } from '../support/pod-player';
import { describeWith } from '../support/requirement';
import { screenedAccount } from '../support/test-account';

jest.setTimeout(300_000);

const ACCOUNTS = [NAMESPACE, 'mailroom-ann'] as const;

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
  let controlPlane: ControlPlane;
  let folder: string;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
  }, 120_000);
  afterAll(() => controlPlane?.stop());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-documented-'));
    await cp('deploy', join(folder, 'deploy'), { recursive: true });
    await writeDocumentedFiles(folder, await fencedBlocks('docs/deploy.md'));
    await writeFile(join(folder, 'private-authority/authority.crt'), controlPlane.ca);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function kubectl(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await controlPlane.kubectl(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  }

  const rendered = (overlay: string) => kubectl('kustomize', join(folder, overlay));

  describe('has overlays that', () => {
    it('make of deploy/ itself what kubectl apply -f makes of it', async () => {
      await kubectl('apply', '--filename', join(folder, 'deploy'));
      const again = (await kubectl('apply', '--kustomize', join(folder, 'deploy'))).trim().split('\n');
      expect(again).toHaveLength(8);
      expect(again.filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
      await kubectl('delete', 'namespace', 'mailroom');
    });

    it('name another image, and nothing else', async () => {
      const image = /^ *image: (.*)$/m;
      const [base, overlay] = await Promise.all(['deploy', 'another-image'].map(rendered));
      expect(overlay?.match(image)?.[1]).toMatch(/^ghcr.io\/hellothisisflo\/mailroom@sha256:[0-9a-f]{64}$/);
      expect(overlay?.replace(image, '')).toBe(base?.replace(image, ''));
    });

    it('bring the certificate of an authority to where the pod looks for it', async () => {
      const objects = loadAll(await rendered('private-authority')) as {
        kind: string;
        metadata: Metadata;
        data: object;
      }[];
      const authority = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && /authority/.test(metadata.name));
      expect(authority?.data).toEqual({ 'authority.crt': controlPlane.ca });
      expect(objects.find(({ kind }) => kind === 'CronJob')).toMatchObject({
        spec: {
          jobTemplate: {
            spec: {
              template: {
                spec: {
                  containers: [
                    {
                      env: expect.arrayContaining([
                        { name: 'NODE_EXTRA_CA_CERTS', value: '/etc/mail-authority/authority.crt' },
                      ]),
                      volumeMounts: expect.arrayContaining([
                        { name: 'mail-authority', mountPath: '/etc/mail-authority', readOnly: true },
                      ]),
                    },
                  ],
                  volumes: expect.arrayContaining([
                    { name: 'mail-authority', configMap: { name: authority?.metadata.name } },
                  ]),
                },
              },
            },
          },
        },
      });
    });
  });

  describeWith(cyrusRequirement, 'beside a Cyrus', () => {
    let cyrus: CyrusServer;
    let players: readonly PodPlayer[] = [];

    beforeAll(async () => {
      cyrus = await sharedCyrus();
    });
    afterEach(async () => {
      await Promise.all(players.map((player) => player.stop()));
      players = [];
    });

    /** Plays the pods of these namespaces until the end of the test. */
    const play = (...namespaces: readonly string[]): void => {
      players = namespaces.map((namespace) =>
        startPodPlayer({ controlPlane, namespace, program: resolve('dist/run.js') }),
      );
    };

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
      play(NAMESPACE);
      const blocks = await fencedBlocks('docs/deploy.md');
      const filledIn = join(folder, 'filled-in');
      await cp('deploy', filledIn, { recursive: true });
      await fillInManifests(filledIn, { account: accountAt(account.account, cyrus.origin) });
      for (const name of ['20-config.yaml', '40-cronjob.yaml'])
        await cp(join(filledIn, name), join(folder, 'deploy', name));
      await writeFile(join(folder, 'second-account/secret.env'), 'MAILROOM_JMAP_TOKEN=token\n');

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

    it('gives a second account its own cycles, count and Events, by an overlay', async () => {
      const [mine, anns] = [await screenedAccount(cyrus), await screenedAccount(cyrus)];
      for (const account of [mine, anns])
        await account.addMessage({ subject: 'news', from: 'news@sender.example', mailboxes: ['Screener', '@ToJail'] });
      // Ann's Jail has a name of its own in the overlay.
      await anns.makeGroup({ name: 'Gaol' });
      await fillInManifests(join(folder, 'deploy'), { account: accountAt(mine.account, cyrus.origin) });
      const setAnnsSecret = async (account: Account): Promise<void> => {
        const { MAILROOM_JMAP_SESSION_URL: _, MAILROOM_CARDDAV_URL: __, ...secrets } = settingsOf(account);
        const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`);
        await writeFile(join(folder, 'second-account/secret.env'), lines.join(''));
        await kubectl('apply', '--kustomize', join(folder, 'second-account'));
      };
      await kubectl('apply', '--filename', join(folder, 'deploy'));
      await setAnnsSecret({ ...anns.account, token: 'wrong' });
      play(...ACCOUNTS);

      const runBoth = (name: string) =>
        Promise.all(
          players.map(async (player, index) => {
            await kubectl('--namespace', ACCOUNTS[index] ?? '', 'create', 'job', name, '--from=cronjob/mailroom');
            const job = await player.untilJob(name, (ended) => isComplete(ended) || isFailed(ended), 60_000);
            return [isComplete(job), (await player.untilRun(name)).exitCode];
          }),
        );
      const counts = () =>
        Promise.all(
          ACCOUNTS.map((namespace) =>
            kubectl(
              ...['--namespace', namespace, 'get', 'configmap', 'mailroom-state'],
              '--output=jsonpath={.metadata.annotations.mailroom/consecutive-failures}',
            ),
          ),
        );
      const events = async (): Promise<readonly string[]> =>
        Promise.all(
          ACCOUNTS.map(async (namespace) => {
            const described = await kubectl('--namespace', namespace, 'describe', 'cronjob', 'mailroom');
            return (described.match(/\b(StartUpFailed|Recovered)(?= )/g) ?? []).join();
          }),
        );

      expect(await runBoth('first')).toEqual([
        [true, 0],
        [false, 78],
      ]);
      expect([await counts(), await events()]).toEqual([
        ['0', '1'],
        ['', 'StartUpFailed'],
      ]);

      await setAnnsSecret(anns.account);
      expect(await runBoth('second')).toEqual([
        [true, 0],
        [true, 0],
      ]);
      expect([await counts(), await events()]).toEqual([
        ['0', '0'],
        ['', 'StartUpFailed,Recovered'],
      ]);
      for (const account of [mine, anns]) expect(await account.mailboxesOf('news')).toEqual(['Jail']);
      expect((await mine.groups())['Jail']).toHaveLength(1);
      expect((await anns.groups())['Gaol']).toHaveLength(1);
      expect((await anns.groups())['Jail'] ?? []).toHaveLength(0);
    });
  });
});
