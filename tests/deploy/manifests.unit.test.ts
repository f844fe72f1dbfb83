import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { readSettings } from '../../src/config';
import { parseYaml } from '../../src/yaml';
import { lint, lintersRequirement } from '../support/linters';
import { describeWith } from '../support/requirement';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
}

interface CronJob extends Manifest {
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: {
        readonly template: {
          readonly spec: { readonly containers: readonly Readonly<Record<string, unknown>>[] } & Readonly<
            Record<string, unknown>
          >;
        };
      };
    };
  };
}

const FILES = readdirSync('deploy')
  .filter((name) => name.endsWith('.yaml') && name !== 'secret.yaml')
  .map((name) => join('deploy', name));
const MANIFESTS = FILES.flatMap((file) => loadAll(readFileSync(file, 'utf8')) as readonly Manifest[]);
const SECRETS = {
  MAILROOM_JMAP_TOKEN: 'token',
  MAILROOM_CARDDAV_USERNAME: 'user',
  MAILROOM_CARDDAV_PASSWORD: 'password',
};

function manifest(kind: string, name: string): Manifest {
  const found = MANIFESTS.find((candidate) => candidate.kind === kind && candidate.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

describe('The manifests', () => {
  it('make the namespace first, and put everything else into it', () => {
    expect(FILES[0]).toBe('deploy/00-namespace.yaml');
    const [namespace, ...others] = MANIFESTS;
    expect(namespace).toMatchObject({
      kind: 'Namespace',
      metadata: { name: 'mailroom', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['mailroom']));
  });

  it('hold every setting that is no secret, and no other, with its default', () => {
    const data = manifest('ConfigMap', 'mailroom-config').data ?? {};
    const known = new Set(readFileSync('src/config.ts', 'utf8').match(/\bMAILROOM_[A-Z_]+[A-Z]\b(?=: \w+\()/g));
    const secret = new Set(readFileSync('deploy/secret.yaml.example', 'utf8').match(/\bMAILROOM_\w+/g));
    expect(Object.keys(data).sort()).toEqual([...known].filter((name) => !secret.has(name)).sort());
    expect(readSettings({ ...data, ...SECRETS })).toEqual(readSettings(SECRETS));
  });

  it('hold an example of own categories that works as it stands', () => {
    const text = readFileSync('deploy/20-config.yaml', 'utf8');
    const example = /^ {2}# {3}MAILROOM_CATEGORIES: \|\n((?: {2}# {5}.*\n)+)/m.exec(text)?.[1] ?? '';
    const list = example.replace(/^ {2}# {5}/gm, '');
    expect(
      readSettings({ ...SECRETS, MAILROOM_CATEGORIES: list }, {}, parseYaml).categories.map(({ name, label }) => [
        name,
        label,
      ]),
    ).toEqual([
      ['Imbox', '@ToImbox'],
      ['Feed', '@ToFeed'],
      ['Receipts', '@ToReceipts'],
    ]);
  });

  it('leave the counter out of the state, so that applying them again leaves it alone', () => {
    expect(manifest('ConfigMap', 'mailroom-state')).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'mailroom-state', namespace: 'mailroom', labels: { 'app.kubernetes.io/name': 'mailroom' } },
    });
  });

  it('run the image of this version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(readFileSync('deploy/40-cronjob.yaml', 'utf8')).toContain(
      `image: ghcr.io/hellothisisflo/mailroom:${version}\n`,
    );
    expect(readFileSync('Dockerfile', 'utf8')).toContain(`ARG VERSION=${version}\n`);
  });

  it('give the CronJob what a poll every five minutes needs, and no rights on the node', () => {
    expect(manifest('CronJob', 'mailroom')).toMatchObject({
      spec: {
        schedule: '*/5 * * * *',
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: expect.any(Number),
        successfulJobsHistoryLimit: expect.any(Number),
        failedJobsHistoryLimit: expect.any(Number),
        jobTemplate: {
          spec: {
            backoffLimit: 0,
            podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
            template: {
              spec: {
                restartPolicy: 'Never',
                terminationGracePeriodSeconds: 60,
                automountServiceAccountToken: false,
                securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
                containers: [
                  {
                    envFrom: [
                      { configMapRef: { name: 'mailroom-config' } },
                      { secretRef: { name: 'mailroom-secrets' } },
                    ],
                    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '100m', memory: '128Mi' } },
                    securityContext: {
                      allowPrivilegeEscalation: false,
                      readOnlyRootFilesystem: true,
                      capabilities: { drop: ['ALL'] },
                    },
                  },
                ],
              },
            },
          },
        },
      },
    });
  });

  it('give the letter the guards of the CronJob beside it', () => {
    const [letter] = loadAll(readFileSync('deploy/optional/letter.yaml', 'utf8')) as readonly CronJob[];
    const podOf = ({ spec }: CronJob) => spec.jobTemplate.spec.template.spec;
    const { containers, terminationGracePeriodSeconds, ...pod } = podOf(letter as CronJob);
    const first = podOf(manifest('CronJob', 'mailroom') as CronJob);
    expect(letter?.spec).toMatchObject({ schedule: '0 7 * * *', concurrencyPolicy: 'Forbid' });
    expect({ ...first, ...pod }).toEqual(first);
    const [{ env: _, ...container } = {}] = containers;
    expect(first.containers).toMatchObject([{ ...container, args: ['--once'] }]);
    expect(container['args']).toEqual(['letter', '--send']);
  });

  it('leave a stopping cycle its minute before the deadline, and the deadline before the next cycle', () => {
    const deadline = Number(/activeDeadlineSeconds: (\d+)/.exec(readFileSync('deploy/40-cronjob.yaml', 'utf8'))?.[1]);
    const { pollInterval } = readSettings({ ...manifest('ConfigMap', 'mailroom-config').data, ...SECRETS });
    expect(deadline).toBeLessThan(pollInterval);
    expect(deadline).toBeGreaterThanOrEqual(0.7 * pollInterval + 60);
  });
});

describeWith(lintersRequirement, 'The linters', () => {
  it('kube-score finds nothing in deploy/', () => {
    const { status, output } = lint('kube-score', 'score', ...FILES);
    expect({ status, findings: output.match(/\[(CRITICAL|WARNING)\].*/g) }).toEqual({ status: 0, findings: null });
  });

  it('actionlint finds nothing in .github/workflows/', () => {
    const workflows = readdirSync('.github/workflows').map((name) => join('.github/workflows', name));
    expect(workflows).not.toEqual([]);
    expect(lint('actionlint', ...workflows)).toEqual({ status: 0, output: '' });
  });

  it('every action is pinned by its commit, with its version beside it', () => {
    for (const name of readdirSync('.github/workflows')) {
      const uses = readFileSync(join('.github/workflows', name), 'utf8').match(/uses: .*/g) ?? [];
      expect(uses).not.toEqual([]);
      for (const line of uses) expect(line).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
});
