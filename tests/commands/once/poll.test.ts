import type { Cluster, Failure } from '../../../src/cluster/cluster';
import type { CycleEnd } from '../../../src/commands/once/once';
import { poll } from '../../../src/commands/once/poll';
import type { CycleReport } from '../../../src/cycle/report';
import { type ErrorCode, MailroomError } from '../../../src/errors';
import type { Watchdog } from '../../../src/watchdog';
import { NOW, recordingLog } from '../../support/fake-cycle';

const REPORT = { triaged: 1, filed: 3 } as CycleReport;
const DONE: CycleEnd = { kind: 'done', report: REPORT, summary: 'Triaged 1 sender' };
const PLANNED: CycleEnd = { kind: 'planned', summary: 'Nothing was written' };
const STOPPED: CycleEnd = { kind: 'stopped', summary: 'Stopped' };

function failure(code: ErrorCode): MailroomError {
  return new MailroomError({ code, message: 'It went wrong', hint: 'Mend it' });
}

/** A cluster that counts up to a threshold of 3, from `count` failures on. */
function clusterAt(count: number) {
  const recorded: (Failure | 'success' | 'stop')[] = [];
  const cluster: Cluster = {
    readState: () => Promise.reject(new Error('Nobody asks for the state')),
    check: () => Promise.reject(new Error('Nobody asks for the rights')),
    recordBegin: async () => undefined,
    recordStop: async () => {
      recorded.push('stop');
    },
    recordSuccess: async () => {
      recorded.push('success');
      return { recoveredFrom: count };
    },
    recordFailure: async (failed) => {
      recorded.push(failed);
      return { count: count + 1, fatal: count + 1 >= 3 };
    },
  };
  return { cluster, recorded };
}

const BROKEN: Cluster = {
  ...clusterAt(0).cluster,
  recordSuccess: () => Promise.reject(new MailroomError({ code: 'credentials', message: 'No right to the ConfigMap' })),
  recordFailure: () => Promise.reject(new MailroomError({ code: 'transient', message: 'The API server is away' })),
};

async function run(outcome: CycleEnd | Error, cluster?: Cluster, watchdog?: Watchdog) {
  const log = recordingLog();
  const messages: string[] = [];
  const status = await poll({
    cycle: () => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)),
    cluster,
    watchdog,
    log,
    now: NOW,
    facts: (counts) => ({ ...counts, durationMs: 7 }),
    leaveMessage: async (text) => messages.push(text),
  });
  return { status, messages, records: log.records };
}

describe('the exit status', () => {
  it.each<[string, CycleEnd]>([
    ['done', DONE],
    ['planned only', PLANNED],
    ['stopped by a signal', STOPPED],
  ])('of a cycle that is %s is 0, in a cluster or out of one', async (_, end) => {
    expect((await run(end)).status).toBe(0);
    expect((await run(end, clusterAt(5).cluster)).status).toBe(0);
  });

  it.each<[ErrorCode | 'defect', number, number, number, number]>([
    ['transient', 75, 0, 1, 1],
    ['refused', 75, 0, 1, 1],
    ['protocol', 75, 0, 1, 1],
    ['defect', 75, 0, 1, 1],
    ['settings', 78, 78, 78, 78],
    ['credentials', 78, 78, 78, 78],
    ['missing', 78, 78, 78, 78],
  ])(
    'of a failure that is %s is %i by hand, %i below the threshold, %i at it, %i where it cannot be counted',
    async (code, byHand, below, atThreshold, uncounted) => {
      const error = code === 'defect' ? new TypeError('x is undefined') : failure(code);
      expect((await run(error)).status).toBe(byHand);
      expect((await run(error, clusterAt(1).cluster)).status).toBe(below);
      expect((await run(error, clusterAt(2).cluster)).status).toBe(atThreshold);
      expect((await run(error, clusterAt(9).cluster)).status).toBe(atThreshold);
      expect((await run(error, BROKEN)).status).toBe(uncounted);
    },
  );

  it('of a success that cannot be recorded is 0, with a warning', async () => {
    const { status, records } = await run(DONE, BROKEN);
    expect(status).toBe(0);
    expect(records.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({ message: 'The success could not be recorded. No right to the ConfigMap.' }),
    ]);
  });
});

describe('what is counted', () => {
  it.each<[string, CycleEnd | Error, unknown[]]>([
    ['a success', DONE, ['success']],
    ['nothing of a plan', PLANNED, ['stop']],
    ['nothing of a cycle that was stopped', STOPPED, ['stop']],
    ['a failure', failure('transient'), [{ now: NOW, reason: 'It went wrong. Mend it.', startUp: false }]],
    ['a failed start', failure('missing'), [{ now: NOW, reason: 'It went wrong. Mend it.', startUp: true }]],
  ])('is %s', async (_, outcome, expected) => {
    const { cluster, recorded } = clusterAt(0);
    await run(outcome, cluster);
    expect(recorded).toEqual(expected);
  });
});

describe('that a cycle begins', () => {
  it.each<[string, CycleEnd | Error]>([
    ['done', DONE],
    ['failed', failure('transient')],
    ['stopped', STOPPED],
  ])('is noted beside it, and settled before it is counted as %s', async (_, outcome) => {
    const order: string[] = [];
    const { cluster } = clusterAt(0);
    const recordBegin = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('begun');
    };
    const counting = <Method extends (...args: never[]) => Promise<unknown>>(method: Method) =>
      ((...args) => {
        order.push('counted');
        return method(...args);
      }) as Method;
    await run(outcome, {
      ...cluster,
      recordBegin,
      recordStop: counting(cluster.recordStop),
      recordSuccess: counting(cluster.recordSuccess),
      recordFailure: counting(cluster.recordFailure),
    });
    expect(order).toEqual(['begun', 'counted']);
  });

  it('fails nothing where it cannot be noted', async () => {
    const { cluster, recorded } = clusterAt(0);
    const recordBegin = () =>
      Promise.reject(new MailroomError({ code: 'transient', message: 'The API server is away' }));
    const { status, records } = await run(DONE, { ...cluster, recordBegin });
    expect([status, recorded]).toEqual([0, ['success']]);
    expect(records.filter(({ level }) => level !== 'debug').map(({ message }) => message)).toEqual([
      'Triaged 1 sender',
    ]);
  });
});

describe('the watchdog', () => {
  it.each<[string, CycleEnd | Error, string[]]>([
    ['hears of a cycle that is done', DONE, ['begins', 'recorded', 'is done']],
    ['hears why a cycle failed', failure('transient'), ['begins', 'recorded', 'has failed: It went wrong. Mend it.']],
    ['hears nothing of a cycle that was stopped', STOPPED, ['begins', 'end']],
  ])('%s, once that is counted', async (_, outcome, expected) => {
    const heard: string[] = [];
    const { cluster } = clusterAt(0);
    await run(
      outcome,
      {
        ...cluster,
        recordSuccess: async (now) => cluster.recordSuccess(now).finally(() => heard.push('recorded')),
        recordFailure: async (failed) => cluster.recordFailure(failed).finally(() => heard.push('recorded')),
      },
      {
        begins: () => heard.push('begins'),
        isDone: async () => void heard.push('is done'),
        hasFailed: async (reason) => void heard.push(`has failed: ${reason}`),
        end: () => heard.push('end'),
      },
    );
    expect(heard).toEqual(expected);
  });

  it('hears of a failure that cannot be counted as well', async () => {
    const hasFailed = jest.fn(async () => undefined);
    const quiet = () => undefined;
    await run(failure('transient'), BROKEN, { begins: quiet, isDone: async () => undefined, hasFailed, end: quiet });
    expect(hasFailed).toHaveBeenCalledWith('It went wrong. Mend it.');
  });
});

describe('the last line', () => {
  it.each<[string, CycleEnd | Error, string]>([
    ['the summary', DONE, 'Triaged 1 sender'],
    ['why it stopped', STOPPED, 'Stopped'],
    ['what went wrong and what to do', failure('transient'), 'It went wrong. Mend it.'],
  ])('is left for Kubernetes: %s', async (_, outcome, text) => {
    expect((await run(outcome)).messages).toEqual([text]);
  });

  it('has the counts and facts of the cycle beside it in the log', async () => {
    expect((await run(DONE)).records).toEqual([
      { level: 'info', message: 'Triaged 1 sender', fields: { triaged: 1, filed: 3, durationMs: 7 } },
    ]);
  });

  it('says of a failure once what it is, and more only at debug', async () => {
    const { records } = await run(failure('transient'));
    expect(records.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'It went wrong. Mend it.'],
      ['debug', 'The failure in full'],
    ]);
  });

  it('of a failure has the facts of the cycle beside it as well', async () => {
    expect((await run(failure('transient'))).records[0]?.fields).toEqual({ durationMs: 7 });
  });

  it('says how many failures there were in a row', async () => {
    const { records } = await run(failure('transient'), clusterAt(1).cluster);
    expect(records.at(-1)).toEqual({
      level: 'warn',
      message: 'The failure is counted',
      fields: { consecutiveFailures: 2, fatal: false },
    });
  });

  it('says that a failure could not be counted, and why', async () => {
    const { records } = await run(failure('transient'), BROKEN);
    expect(records.at(-1)?.message).toBe('The failure could not be counted. The API server is away.');
  });
});
