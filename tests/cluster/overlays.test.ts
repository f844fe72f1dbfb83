import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import { type Account, accountAt } from '../support/account';
import { type ControlPlane, controlPlaneRequirement, startControlPlane } from '../support/control-plane';
import { type CyrusServer, cyrusRequirement, startCyrus } from '../support/cyrus';
import { writeDocumentedFiles } from '../support/documented-files';
import { fencedBlocks } from '../support/fenced-blocks';
import { fillInManifests } from '../support/filled-in-manifests';
import type { Metadata } from '../support/kubernetes-objects';
import { settingsOf } from '../support/mailroom';
import { isComplete, isFailed, type PodPlayer, startPodPlayer } from '../support/pod-player';
import { describeWith } from '../support/requirement';
import { screenedAccount } from '../support/test-account';

jest.setTimeout(120_000);

const ACCOUNTS = ['mailroom', 'mailroom-ann'] as const;

describeWith(controlPlaneRequirement, 'Overlays in a cluster', () => {
  let controlPlane: ControlPlane;
  let folder: string;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
  }, 120_000);
  afterAll(() => controlPlane?.stop());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-overlays-'));
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

  describeWith(cyrusRequirement, 'beside a Cyrus', () => {
    let cyrus: CyrusServer;
    let players: readonly PodPlayer[] = [];

    beforeAll(async () => {
      cyrus = await startCyrus();
    });
    afterAll(() => cyrus?.stop());
    afterEach(() => Promise.all(players.map((player) => player.stop())));

    it('give a second account its own cycles, count and Events', async () => {
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
      const program = resolve('dist/run.js');
      players = ACCOUNTS.map((namespace) => startPodPlayer({ controlPlane, namespace, program }));

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
