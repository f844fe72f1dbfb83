import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { checkDocument, documentCheckersRequirement } from '../support/document-checkers';
import { fencedBlocks } from '../support/fenced-blocks';
import { describeWith } from '../support/requirement';

const CRONJOB = '{namespace="mailroom", cronjob="mailroom"}';
const FIRST_FAILURE = 'kube_job_status_start_time{namespace="mailroom", job_name="mailroom-1"}';
const FAILED = 'kube_job_failed{namespace="mailroom", job_name="mailroom-1", condition="true"}';

interface Spec {
  readonly groups: readonly [{ readonly rules: readonly Alert[] }];
}

interface Alert {
  readonly alert: string;
}

describeWith(documentCheckersRequirement, 'The alerts of docs/deploy.md', () => {
  let folder: string;
  let alerts: readonly Alert[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mailroom-alerts-'));
    const block = (await fencedBlocks('docs/deploy.md')).find(({ file }) => file === 'alerts.yaml');
    const { spec } = load(block?.text ?? '') as { readonly spec: Spec };
    alerts = spec.groups[0].rules;
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify(spec));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are rules that Prometheus takes', () => {
    expect(checkDocument('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml'], folder)).toEqual({
      status: 0,
      output: expect.stringMatching(/SUCCESS: 3 rules found/),
    });
  });

  /** Seconds since the epoch as a series has them, a sample a minute: `[at, value]` from that minute on. */
  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, readonly string[]>>]>([
    [
      'all is well while Jobs are complete every five minutes',
      { [`kube_cronjob_status_last_successful_time${CRONJOB}`]: '0x5 300x5 600x5 900x5 1200x5' },
      { '5m': [], '10m': [], '20m': [] },
    ],
    [
      'none has been complete for twice the interval',
      { [`kube_cronjob_status_last_successful_time${CRONJOB}`]: '0x20' },
      { '10m': [], '12m': ['MailroomDoesNotRun'] },
    ],
    [
      'none was ever complete',
      { [`kube_cronjob_created${CRONJOB}`]: '60x20' },
      { '11m': [], '13m': ['MailroomDoesNotRun'] },
    ],
    [
      'a Job has failed, until the next one that is complete',
      {
        [`kube_cronjob_created${CRONJOB}`]: '0x20',
        [`kube_cronjob_status_last_successful_time${CRONJOB}`]: '60x9 660x10',
        [FIRST_FAILURE]: '_x4 300x15',
        [FAILED]: '_x4 1x15',
      },
      { '3m': [], '6m': ['MailroomFails'], '15m': [] },
    ],
    [
      'the very first Job has failed',
      { [`kube_cronjob_created${CRONJOB}`]: '60x8', [FIRST_FAILURE]: '_x4 300x3', [FAILED]: '_x4 1x3' },
      { '6m': ['MailroomFails'] },
    ],
    [
      'another Job is complete that failed once',
      { [`kube_cronjob_created${CRONJOB}`]: '0x8', [FIRST_FAILURE]: '300x8', [FAILED]: '0x8' },
      { '6m': [] },
    ],
    [
      'the CronJob is suspended for an hour',
      { [`kube_cronjob_spec_suspend${CRONJOB}`]: '1x70' },
      { '59m': [], '61m': ['MailroomIsSuspended'] },
    ],
  ])('know that %s', (_, series, expected) => {
    const inputs = Object.entries(series).map(([name, values]) => ({ series: name, values }));
    const cases = Object.entries(expected).flatMap(([time, names]) =>
      alerts.map(({ alert }) => ({ eval_time: time, alertname: alert, firing: names.includes(alert) })),
    );
    const test = {
      rule_files: ['rules.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: inputs,
          promql_expr_test: cases.map(({ eval_time, alertname, firing }) => ({
            expr: `count(ALERTS{alertname="${alertname}", alertstate="firing"}) or vector(0)`,
            eval_time,
            exp_samples: [{ labels: '{}', value: firing ? 1 : 0 }],
          })),
        },
      ],
    };
    writeFileSync(join(folder, 'test.yaml'), JSON.stringify(test));
    expect(checkDocument('promtool', ['test', 'rules', 'test.yaml'], folder)).toMatchObject({ status: 0 });
  });
});
