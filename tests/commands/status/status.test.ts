import type { Cluster, ClusterState } from '../../../src/cluster/cluster';
import { createFailureCount } from '../../../src/cluster/failure-count';
import { status, statusLines, statusReport } from '../../../src/commands/status/status';
import { PLAIN } from '../../../src/screen/screen';
import { MemoryKubernetes } from '../../cluster/memory-kubernetes';

const NOW = new Date('2026-03-01T10:00:00Z');

function secondsAgo(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

function clusterWith(annotations: Record<string, string>): Cluster {
  return createFailureCount({
    kubernetes: new MemoryKubernetes(annotations),
    configMap: 'mailroom-state',
    cronJob: 'mailroom',
    pod: 'mailroom-1',
    threshold: 10,
    longestCycle: 285,
    secrets: [],
    warn: () => {},
  });
}

async function run(cluster: Cluster | undefined, json = false) {
  const printed: string[] = [];
  const exit = await status({
    cluster,
    now: NOW,
    pollInterval: 300,
    json,
    screen: PLAIN,
    print: (text) => printed.push(text),
  });
  return { exit, text: printed.join('\n') };
}

describe('run.js status', () => {
  it.each([
    ['before the first cycle', undefined, true],
    ['a minute ago', 60, true],
    ['two poll intervals ago', 600, true],
    ['a second more than two poll intervals ago', 601, false],
    ['days ago', 500_000, false],
    ['now, as far as clocks agree', -0.9, true],
    ['a second in the future', -1, false],
    ['days in the future', -500_000, false],
  ])('with the last success %s', (_, seconds, healthy) => {
    const lastSuccess = seconds === undefined ? undefined : secondsAgo(seconds);
    expect(statusReport({ consecutiveFailures: 0, lastSuccess }, NOW, 300).healthy).toBe(healthy);
  });

  it('exits 1 when the last success is too long ago, and says why', async () => {
    const { exit, text } = await run(
      clusterWith({
        'mailroom/consecutive-failures': '12',
        'mailroom/last-success': '2026-03-01T08:57:00Z',
        'mailroom/last-failure': '2026-03-01T09:55:00Z',
        'mailroom/last-error': 'mail host down',
      }),
    );
    expect(exit).toBe(1);
    expect(text).toBe(
      [
        'Last success          2026-03-01T08:57:00.000Z (1 h 3 min ago), too long ago',
        'Consecutive failures  12',
        'Last failure          2026-03-01T09:55:00.000Z',
        'Last error            mail host down',
      ].join('\n'),
    );
  });

  it('exits 1 when the last success is in the future, and says that the clocks differ', async () => {
    const { exit, text } = await run(
      clusterWith({
        'mailroom/last-success': '2026-03-01T12:03:00Z',
        'mailroom/consecutive-failures': '0',
      }),
    );
    expect(exit).toBe(1);
    expect(text).toBe(
      [
        'Last success          2026-03-01T12:03:00.000Z (2 h 3 min in the future: the clocks differ)',
        'Consecutive failures  0',
      ].join('\n'),
    );
  });

  it('counts a success in the future for programs too', async () => {
    const { text } = await run(clusterWith({ 'mailroom/last-success': '2026-03-01T10:05:00Z' }), true);
    expect(JSON.parse(text)).toMatchObject({ healthy: false, lastSuccessAge: -300 });
  });

  it.each([
    [0, true],
    [2, true],
    [3, false],
  ])('with %i failures in a row and no success ever is healthy: %s', async (count, healthy) => {
    const { exit, text } = await run(clusterWith({ 'mailroom/consecutive-failures': String(count) }));
    expect(exit).toBe(healthy ? 0 : 1);
    expect(text.split('\n')[0]).toBe(`Last success          none yet${healthy ? '' : ', for too long'}`);
  });

  it('exits 0 before the first cycle', async () => {
    expect(await run(clusterWith({}))).toEqual({
      exit: 0,
      text: 'Last success          none yet\nConsecutive failures  0',
    });
  });

  it('gives one object for programs', async () => {
    const { text } = await run(clusterWith({ 'mailroom/last-success': '2026-03-01T09:59:30Z' }), true);
    expect(JSON.parse(text)).toEqual({
      healthy: true,
      lastSuccess: '2026-03-01T09:59:30.000Z',
      lastSuccessAge: 30,
      consecutiveFailures: 0,
      lastFailure: null,
      lastError: null,
    });
  });

  it('says outside a cluster that there is no status', async () => {
    await expect(run(undefined)).rejects.toMatchObject({ code: 'settings', message: expect.stringMatching(/outside/) });
  });

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [61, '1 min 1 s'],
    [3600, '1 h'],
    [93_780, '1 d 2 h'],
  ])('writes an age of %i seconds as %s', (seconds, age) => {
    const state: ClusterState = { consecutiveFailures: 0, lastSuccess: secondsAgo(seconds) };
    expect(statusLines(statusReport(state, NOW, 1e6), PLAIN).join('\n')).toContain(`(${age} ago)`);
  });
});
