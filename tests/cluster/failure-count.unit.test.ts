import { createFailureCount } from '../../src/cluster/failure-count';
import { MailroomError } from '../../src/errors';
import { MemoryKubernetes } from './memory-kubernetes';

const NOW = new Date('2026-03-01T10:00:00.000Z');
const COUNT = 'mailroom/consecutive-failures';

function clusterOn(
  kubernetes: MemoryKubernetes,
  options: { threshold?: number; secrets?: readonly string[]; pod?: string } = {},
) {
  const warnings: string[] = [];
  const cluster = createFailureCount({
    kubernetes,
    configMap: 'mailroom-state',
    cronJob: 'mailroom',
    pod: options.pod ?? 'mailroom-1',
    threshold: options.threshold ?? 10,
    longestCycle: 285,
    secrets: options.secrets ?? [],
    warn: (message) => warnings.push(message),
    pause: async () => {},
  });
  return { cluster, warnings };
}

describe('the count of consecutive failures', () => {
  it('goes up by one with each failure and is fatal at the threshold and beyond it', async () => {
    const { cluster } = clusterOn(new MemoryKubernetes(), { threshold: 3 });
    const outcomes = [];
    for (let i = 0; i < 4; i++) outcomes.push(await cluster.recordFailure({ now: NOW, reason: 'mail host down' }));
    expect(outcomes).toEqual([
      { count: 1, fatal: false },
      { count: 2, fatal: false },
      { count: 3, fatal: true },
      { count: 4, fatal: true },
    ]);
  });

  it('goes back to 0 with a success, which keeps when and why a cycle last failed', async () => {
    const kubernetes = new MemoryKubernetes();
    const { cluster } = clusterOn(kubernetes);
    await cluster.recordFailure({ now: NOW, reason: 'mail host down' });
    const later = new Date('2026-03-01T10:05:00.000Z');
    expect(await cluster.recordSuccess(later)).toEqual({ recoveredFrom: 1 });
    expect(kubernetes.annotations).toEqual({
      [COUNT]: '0',
      'mailroom/last-success': '2026-03-01T10:05:00.000Z',
      'mailroom/last-failure': '2026-03-01T10:00:00.000Z',
      'mailroom/last-error': 'mail host down',
    });
  });

  it('leaves annotations alone that are not its own', async () => {
    const kubernetes = new MemoryKubernetes({ 'kubectl.kubernetes.io/last-applied-configuration': '{}' });
    await clusterOn(kubernetes).cluster.recordSuccess(NOW);
    expect(kubernetes.annotations['kubectl.kubernetes.io/last-applied-configuration']).toBe('{}');
  });

  it('counts ten when ten count at the same moment', async () => {
    const kubernetes = new MemoryKubernetes();
    const counts = await Promise.all(
      Array.from({ length: 10 }, () =>
        clusterOn(kubernetes).cluster.recordFailure({ now: NOW, reason: 'mail host down' }),
      ),
    );
    expect(kubernetes.annotations[COUNT]).toBe('10');
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(kubernetes.conflicts).toBeGreaterThan(0);
  });

  it.each([
    ['applied', 'lost after'],
    ['never applied', 'lost before'],
  ] as const)('counts once when the answer is lost and the change was %s', async (_, fault) => {
    const kubernetes = new MemoryKubernetes({ [COUNT]: '4' });
    kubernetes.patchFaults.push(fault);
    const outcome = await clusterOn(kubernetes).cluster.recordFailure({ now: NOW, reason: 'mail host down' });
    expect(outcome.count).toBe(5);
    expect(kubernetes.annotations[COUNT]).toBe('5');
  });

  it('gives up when the answers stay away', async () => {
    const kubernetes = new MemoryKubernetes();
    kubernetes.patchFaults.push('lost before', 'lost before', 'lost before');
    await expect(clusterOn(kubernetes).cluster.recordFailure({ now: NOW, reason: 'x' })).rejects.toMatchObject({
      code: 'transient',
    });
    expect(kubernetes.patches).toBe(3);
  });

  it.each(['abc', '', '-1', '1.5', '0x10', '99999999999999999999'])(
    'takes the mangled count "%s" for 0 and warns',
    async (mangled) => {
      const kubernetes = new MemoryKubernetes({ [COUNT]: mangled });
      const { cluster, warnings } = clusterOn(kubernetes);
      expect((await cluster.recordFailure({ now: NOW, reason: 'x' })).count).toBe(1);
      expect(warnings).toEqual([`The annotation ${COUNT} is no count ("${mangled}"): counted as 0`]);
    },
  );

  it('reads the state back, and ignores a mangled time with a warning', async () => {
    const kubernetes = new MemoryKubernetes({
      [COUNT]: '7',
      'mailroom/last-success': 'yesterday',
      'mailroom/last-failure': '2026-03-01T09:55:00Z',
      'mailroom/last-error': 'mail host down',
    });
    const { cluster, warnings } = clusterOn(kubernetes);
    expect(await cluster.readState()).toEqual({
      consecutiveFailures: 7,
      lastSuccess: undefined,
      lastFailure: new Date('2026-03-01T09:55:00Z'),
      lastError: 'mail host down',
    });
    expect(warnings).toHaveLength(1);
  });

  it('makes the reason public before it is written anywhere', async () => {
    const kubernetes = new MemoryKubernetes();
    const { cluster } = clusterOn(kubernetes, { secrets: ['hunter2'] });
    await cluster.recordFailure({ now: NOW, reason: 'ann@example.com\nsaid hunter2' });
    expect(kubernetes.annotations['mailroom/last-error']).toBe('<address> said <secret>');
    expect(kubernetes.events[0]?.note).not.toMatch(/ann|hunter2/);
  });
});

describe('a cycle that begins', () => {
  const BEGUN = 'mailroom/begun';
  const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

  it('is noted with its pod until it has succeeded, failed or been stopped', async () => {
    const kubernetes = new MemoryKubernetes();
    const { cluster } = clusterOn(kubernetes);
    const ends = [
      () => cluster.recordSuccess(NOW),
      () => cluster.recordFailure({ now: NOW, reason: 'x' }),
      () => cluster.recordStop(),
    ];
    for (const end of ends) {
      await cluster.recordBegin(NOW);
      expect(kubernetes.annotations[BEGUN]).toBe('mailroom-1 2026-03-01T10:00:00.000Z');
      await end();
      expect(kubernetes.annotations).not.toHaveProperty(BEGUN);
    }
    expect(kubernetes.annotations[COUNT]).toBe('1');
  });

  it('leaves those alone that may still run', async () => {
    const kubernetes = new MemoryKubernetes();
    await clusterOn(kubernetes, { pod: 'scheduled' }).cluster.recordBegin(NOW);
    const byHand = clusterOn(kubernetes, { pod: 'by-hand' }).cluster;
    await byHand.recordBegin(at(285));
    await byHand.recordSuccess(at(285));
    expect(kubernetes.annotations).toEqual({
      [BEGUN]: 'scheduled 2026-03-01T10:00:00.000Z',
      [COUNT]: '0',
      'mailroom/last-success': at(285).toISOString(),
    });
    expect(kubernetes.events).toEqual([]);
  });

  it('counts one that began and never ended, with an Event', async () => {
    const kubernetes = new MemoryKubernetes({ [COUNT]: '2' });
    await clusterOn(kubernetes, { pod: 'killed' }).cluster.recordBegin(NOW);
    await clusterOn(kubernetes, { pod: 'next' }).cluster.recordBegin(at(300));
    expect(kubernetes.annotations).toMatchObject({
      [BEGUN]: 'next 2026-03-01T10:05:00.000Z',
      [COUNT]: '3',
      'mailroom/last-failure': '2026-03-01T10:00:00.000Z',
      'mailroom/last-error': expect.stringMatching(
        /^Never ended: .* began at 2026-03-01T10:00:00.000Z in the pod killed/,
      ),
    });
    expect(kubernetes.events.map(({ type, reason }) => [type, reason])).toEqual([['Warning', 'CycleNeverEnded']]);
    expect(kubernetes.events[0]?.note).toContain('in the pod killed');
  });

  it('counts each of several, and says when that reaches the threshold', async () => {
    const kubernetes = new MemoryKubernetes({
      [COUNT]: '1',
      [BEGUN]: `a ${at(-900).toISOString()}, b ${at(-600).toISOString()}`,
    });
    await clusterOn(kubernetes, { pod: 'next', threshold: 3 }).cluster.recordBegin(NOW);
    expect(kubernetes.annotations[COUNT]).toBe('3');
    expect(kubernetes.annotations['mailroom/last-failure']).toBe(at(-600).toISOString());
    expect(kubernetes.events.map(({ reason }) => reason)).toEqual(['FailureThresholdReached']);
  });

  it('counts once when two begin at the same moment, or an answer is lost', async () => {
    const kubernetes = new MemoryKubernetes({ [BEGUN]: `a ${at(-900).toISOString()}` });
    kubernetes.patchFaults.push('lost after');
    await Promise.all(['one', 'two'].map((pod) => clusterOn(kubernetes, { pod }).cluster.recordBegin(NOW)));
    expect(kubernetes.annotations[COUNT]).toBe('1');
    expect(
      kubernetes.annotations[BEGUN]
        ?.split(', ')
        .map((entry) => entry.split(' ')[0])
        .sort(),
    ).toEqual(['one', 'two']);
    expect(kubernetes.events).toHaveLength(1);
  });

  it.each(['nonsense', 'a yesterday', ', ,', `a b ${NOW.toISOString()}`])(
    'takes the mangled note "%s" for none',
    async (mangled) => {
      const kubernetes = new MemoryKubernetes({ [BEGUN]: mangled });
      await clusterOn(kubernetes).cluster.recordBegin(NOW);
      expect(kubernetes.annotations).toEqual({ [BEGUN]: 'mailroom-1 2026-03-01T10:00:00.000Z' });
    },
  );
});

describe('Events', () => {
  it('come at the first failure of a row, at the fatal one and at recovery, about the CronJob', async () => {
    const kubernetes = new MemoryKubernetes();
    const { cluster } = clusterOn(kubernetes, { threshold: 3 });
    for (let i = 0; i < 5; i++) await cluster.recordFailure({ now: NOW, reason: 'mail host down' });
    await cluster.recordSuccess(NOW);
    await cluster.recordSuccess(NOW);
    expect(kubernetes.events.map(({ type, reason, note }) => [type, reason, note])).toEqual([
      ['Warning', 'CycleFailed', 'A cycle has failed, the next one tries again: mail host down'],
      ['Warning', 'FailureThresholdReached', '3 cycles in a row have failed: mail host down'],
      ['Normal', 'Recovered', 'A cycle has succeeded after 5 failed cycles in a row'],
    ]);
    expect(new Set(kubernetes.eventUids)).toEqual(new Set(['uid-of-the-cronjob']));
  });

  it('come for a start-up failure in the middle of a row, once for each reason', async () => {
    const kubernetes = new MemoryKubernetes();
    const { cluster } = clusterOn(kubernetes);
    await cluster.recordFailure({ now: NOW, reason: 'mail host down' });
    await cluster.recordFailure({ now: NOW, reason: 'token rejected', startUp: true });
    await cluster.recordFailure({ now: NOW, reason: 'token rejected', startUp: true });
    await cluster.recordFailure({ now: NOW, reason: 'mailbox missing', startUp: true });
    expect(kubernetes.events.map(({ note }) => note)).toEqual([
      'A cycle has failed, the next one tries again: mail host down',
      'Mailroom cannot start: token rejected',
      'Mailroom cannot start: mailbox missing',
    ]);
  });

  it('say at a threshold of 1 that it is reached', async () => {
    const kubernetes = new MemoryKubernetes();
    expect(
      await clusterOn(kubernetes, { threshold: 1 }).cluster.recordFailure({ now: NOW, reason: 'x' }),
    ).toMatchObject({ fatal: true });
    expect(kubernetes.events.map(({ reason }) => reason)).toEqual(['FailureThresholdReached']);
  });

  it('keep within the 1,024 bytes of a note', async () => {
    const kubernetes = new MemoryKubernetes();
    await clusterOn(kubernetes).cluster.recordFailure({ now: NOW, reason: 'é'.repeat(2000) });
    expect(Buffer.byteLength(kubernetes.events[0]?.note ?? '')).toBeLessThanOrEqual(1024);
  });

  it('are a warning where they cannot be written, and the failure still counts', async () => {
    const kubernetes = new MemoryKubernetes();
    kubernetes.eventFault = new MailroomError({ code: 'credentials', message: 'Kubernetes does not let Mailroom' });
    const { cluster, warnings } = clusterOn(kubernetes);
    expect((await cluster.recordFailure({ now: NOW, reason: 'x' })).count).toBe(1);
    expect(warnings).toEqual(['The Event CycleFailed could not be written: Kubernetes does not let Mailroom']);
  });
});

describe('the check of rights', () => {
  it('finds nothing in the way, and changes nothing', async () => {
    const kubernetes = new MemoryKubernetes({ [COUNT]: '3' });
    const checks = await clusterOn(kubernetes).cluster.check();
    expect(checks.map(({ fault }) => fault)).toEqual([undefined, undefined, undefined]);
    expect(kubernetes.annotations).toEqual({ [COUNT]: '3' });
  });

  it('names what is in the way of each thing', async () => {
    const kubernetes = new MemoryKubernetes();
    kubernetes.readFault = new MailroomError({ code: 'missing', message: 'not in the cluster' });
    const checks = await clusterOn(kubernetes).cluster.check();
    expect(checks.map(({ what, fault }) => [what, fault?.code])).toEqual([
      ['read and change the ConfigMap mailroom-state', 'missing'],
      ['read the CronJob mailroom', undefined],
      ['create Events', undefined],
    ]);
  });
});
