import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScriptedServer } from '../http/scripted-server';
import { accountAt } from '../support/account';
import { type ControlPlane, controlPlaneRequirement, startControlPlane } from '../support/control-plane';
import { type CyrusServer, cyrusRequirement, sharedCyrus } from '../support/cyrus';
import { type Deployment, type DeploymentOptions, deployMailroom, NAMESPACE } from '../support/deployment';
import type { Job } from '../support/kubernetes-objects';
import { isComplete, isFailed } from '../support/pod-player';
import { type ReverseProxy, startProxy } from '../support/proxy';
import { describeWith } from '../support/requirement';
import { screenedAccount, type TestAccount } from '../support/test-account';
import { until } from '../support/until';

const FROM = 'news@sender.example';

// Each test waits for Jobs, whose pace a busy machine slows down.
jest.setTimeout(120_000);

describeWith(controlPlaneRequirement, 'Deployed in a cluster', () => {
  describeWith(cyrusRequirement, 'beside a Cyrus', () => {
    let controlPlane: ControlPlane;
    let cyrus: CyrusServer;
    let proxy: ReverseProxy;
    let deployment: Deployment | undefined;

    beforeAll(async () => {
      [controlPlane, cyrus] = await Promise.all([startControlPlane(), sharedCyrus()]);
      proxy = await startProxy(cyrus.origin);
    }, 120_000);
    afterEach(async () => {
      await deployment?.stop();
      deployment = undefined;
    });
    afterAll(() => proxy?.stop());
    afterAll(() => controlPlane?.stop());

    /** Mailroom in the cluster, on a new account behind the proxy. */
    async function deploy(
      options: Partial<DeploymentOptions> = {},
    ): Promise<{ account: TestAccount; deployment: Deployment }> {
      proxy.forget();
      const account = await screenedAccount(cyrus);
      deployment = await deployMailroom(controlPlane, {
        account: accountAt(account.account, proxy.origin),
        ...options,
      });
      return { account, deployment };
    }

    const mailHostDown = () => proxy.fault(() => true, { drop: 'before' }, Number.POSITIVE_INFINITY);
    const mailHostUp = () => proxy.forget();
    /** Cycles wait at their first request until the function that this gives is called. */
    const holdSessions = (): (() => void) => {
      let letGo: () => void = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      proxy.fault(({ kind }) => kind === 'session', { hold: () => held });
      return () => {
        letGo();
        proxy.forget();
      };
    };
    const tag = (account: TestAccount, subject: string) =>
      account.addMessage({ subject, from: FROM, mailboxes: ['Screener', '@ToFeed'] });
    const describeCronJob = async () =>
      (await controlPlane.kubectl('describe', 'cronjob', 'mailroom', '--namespace', NAMESPACE)).stdout;
    const remove = async (...what: readonly string[]) =>
      expect(await controlPlane.kubectl('delete', ...what, '--namespace', NAMESPACE)).toMatchObject({ exitCode: 0 });

    it('applies without an error or a warning, and has nothing to do the second time', async () => {
      const { deployment } = await deploy({ applied: true });
      const second = await deployment.apply();
      expect(second).toMatchObject({ exitCode: 0, stderr: '' });
      const lines = second.stdout.trim().split('\n');
      expect(lines).toHaveLength(9);
      // kubectl takes `stringData`, which the API server never gives back, for a change.
      expect(lines.filter((line) => !line.endsWith(' unchanged'))).toEqual(['secret/mailroom-secrets configured']);
    });

    it('triages by schedule, and by a Job that is made by hand', async () => {
      const { account, deployment } = await deploy({ schedule: '@every 3s' });
      await tag(account, 'by schedule');
      await until(
        () => 'a scheduled Job files the message',
        async () => ((await account.mailboxesOf('by schedule')).join() === 'Feed' ? true : undefined),
        60_000,
      );
      await controlPlane.kubectl('patch', 'cronjob', 'mailroom', '-n', NAMESPACE, '-p', '{"spec":{"suspend":true}}');
      const path = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
      const { items } = await controlPlane.request<{ readonly items: readonly Job[] }>('GET', path);
      for (const { metadata } of items) await deployment.player.untilJob(metadata.name, isComplete);

      await cyrus.index(account.account);
      await account.addMessage({ subject: 'by hand', from: FROM, mailboxes: ['Screener', '@ToJail'] });
      const { job, run } = await deployment.runJob('now');
      expect(isComplete(job)).toBe(true);
      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await account.mailboxesOf('by hand')).toEqual(['Jail']);
      expect(await account.mailboxesOf('by schedule')).toEqual(['Jail']);
      expect(await deployment.state()).toMatchObject({ 'consecutive-failures': '0' });
      for (const line of run.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: 'info' });
      expect(run.terminationMessage).toBe(JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '').message);
    });

    it('writes the letter by a CronJob of its own, where that is applied', async () => {
      const { account, deployment } = await deploy();
      await account.addMessage({ subject: 'waiting', from: FROM, mailboxes: ['Screener'] });
      const applied = await controlPlane.kubectl('apply', '--filename', 'deploy/optional/letter.yaml');
      expect(applied).toMatchObject({ exitCode: 0, stderr: '' });

      const from = '--from=cronjob/mailroom-letter';
      await controlPlane.kubectl('create', 'job', 'this-morning', from, '--namespace', NAMESPACE);
      const run = await deployment.player.untilRun('this-morning');

      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await account.mailboxesOf('1 sender in the Screener')).toEqual(['Inbox']);
      expect(await account.mailboxesOf('waiting')).toEqual(['Screener']);
      expect(await deployment.state()).not.toHaveProperty('last-success');
    });

    it('counts nine failed cycles in Jobs that complete, fails the tenth Job, and recovers', async () => {
      const { account, deployment } = await deploy({ applied: true });
      await tag(account, 'waiting');
      mailHostDown();
      for (let count = 1; count <= 9; count++) {
        const { job, run } = await deployment.runJob(`down-${count}`);
        expect([isComplete(job), run.exitCode]).toEqual([true, 0]);
        expect(await deployment.state()).toMatchObject({ 'consecutive-failures': String(count) });
      }
      expect(await describeCronJob()).toMatch(/Warning\s+CycleFailed\s.*A cycle has failed.*JMAP/);
      expect(await describeCronJob()).not.toMatch(/FailureThresholdReached|Recovered/);

      expect(await deployment.apply()).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await deployment.state()).toMatchObject({ 'consecutive-failures': '9' });

      const tenth = await deployment.runJob('down-10');
      expect([isFailed(tenth.job), tenth.run.exitCode]).toEqual([true, 1]);
      expect(await describeCronJob()).toMatch(/Warning\s+FailureThresholdReached\s.*10 cycles in a row have failed/);
      const eleventh = await deployment.runJob('down-11');
      expect([isFailed(eleventh.job), eleventh.run.exitCode]).toEqual([true, 1]);

      mailHostUp();
      const { job, run } = await deployment.runJob('up');
      expect([isComplete(job), run.exitCode]).toEqual([true, 0]);
      expect(await deployment.state()).toMatchObject({ 'consecutive-failures': '0' });
      const described = await describeCronJob();
      expect(described).toMatch(/Normal\s+Recovered\s.*after 11 failed cycles in a row/);
      // The oldest comes first.
      expect(described.match(/(CycleFailed|FailureThresholdReached|Recovered)(?= )/g)).toEqual([
        'CycleFailed',
        'FailureThresholdReached',
        'Recovered',
      ]);
      expect(await account.mailboxesOf('waiting')).toEqual(['Feed']);

      const status = await deployment.runCommand('status', 'status');
      expect(status.exitCode).toBe(0);
      expect(status.stdout).toMatch(/^Last success .+\nConsecutive failures +0\nLast failure .+\nLast error .+JMAP/);
    }, 300_000);

    it('says on demand how the last cycles went, and fails the Job when the last success is too long ago', async () => {
      const { deployment } = await deploy();
      const first = await deployment.runCommand('status-1', 'status', '--json');
      expect(first.exitCode).toBe(0);
      expect(JSON.parse(first.stdout)).toMatchObject({ healthy: true, lastSuccess: null, consecutiveFailures: 0 });

      const before = ['annotate', '--overwrite', 'configmap', 'mailroom-state', '--namespace', NAMESPACE];
      await controlPlane.kubectl(...before, 'mailroom/last-success=2026-01-01T00:00:00Z');
      const second = await deployment.runCommand('status-2', 'status');
      expect(second.exitCode).toBe(1);
      expect(second.stdout).toMatch(/^Last success +2026-01-01T00:00:00.000Z \(.+ ago\), too long ago\n/);
      await deployment.player.untilJob('status-2', isFailed);
    });

    it.each([
      ['a wrong token', { secrets: { MAILROOM_JMAP_TOKEN: 'wrong' } }, /MAILROOM_JMAP_TOKEN/],
      ['a wrong password', { secrets: { MAILROOM_CARDDAV_PASSWORD: 'wrong' } }, /MAILROOM_CARDDAV_PASSWORD/],
      [
        'a missing key of the Secret',
        { secrets: { MAILROOM_CARDDAV_PASSWORD: undefined } },
        /MAILROOM_CARDDAV_PASSWORD/,
      ],
      ['a missing mailbox', { settings: { MAILROOM_LABEL_TO_FEED: '@Nowhere' } }, /@Nowhere.*setup --apply/],
    ] as const)('fails the Job at once with 78 for %s, and says what to do', async (_, options, what) => {
      const { account, deployment } = await deploy(options);
      const { job, run } = await deployment.runJob('misconfigured');
      expect([isFailed(job), run.exitCode]).toEqual([true, 78]);
      expect(run.terminationMessage).toMatch(what);
      const pod = await controlPlane.kubectl('describe', 'pod', run.pod, '--namespace', NAMESPACE);
      expect(pod.stdout).toMatch(/Exit Code:\s+78/);
      expect(pod.stdout).toMatch(what);
      expect(await deployment.state()).toMatchObject({
        'consecutive-failures': '1',
        'last-error': expect.stringMatching(what),
      });
      expect(await describeCronJob()).toMatch(/Warning\s+StartUpFailed\s.*Mailroom cannot start/);
      const said = `${run.stdout}${run.stderr}${run.terminationMessage}${JSON.stringify(await deployment.state())}`;
      expect(said).not.toContain(account.account.password);
      expect(said).not.toContain(account.account.token);
    });

    it('counts ten when ten Jobs fail at the same moment', async () => {
      const { deployment } = await deploy();
      // Finished Jobs beyond the history are cleared away at once, and could not be looked at.
      const history = JSON.stringify({ spec: { successfulJobsHistoryLimit: 10 } });
      await controlPlane.kubectl('patch', 'cronjob', 'mailroom', '--namespace', NAMESPACE, '--patch', history);
      mailHostDown();
      const names = Array.from({ length: 10 }, (_, i) => `down-${i}`);
      const ends = await Promise.all(names.map((name) => deployment.runJob(name)));
      expect(await deployment.state()).toMatchObject({ 'consecutive-failures': '10' });
      expect(ends.map(({ run }) => run.exitCode).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    }, 120_000);

    describe.each([
      ['the API server away', { KUBERNETES_SERVICE_PORT: '1' }, undefined],
      ['the rights denied', undefined, ['rolebinding', 'mailroom']],
      ['the state ConfigMap deleted', undefined, ['configmap', 'mailroom-state']],
    ] as const)('with %s', (_, environment, deleted) => {
      it('a triage that worked is exit 0 with a warning', async () => {
        const { account, deployment } = await deploy(environment && { environment });
        if (deleted) await remove(...deleted);
        await tag(account, 'news');
        const { job, run } = await deployment.runJob('now');
        expect([isComplete(job), run.exitCode]).toEqual([true, 0]);
        expect(await account.mailboxesOf('news')).toEqual(['Feed']);
        expect(run.stdout).toMatch(/"level":"warn".*The success could not be recorded/);
      });

      it('a failure that cannot be counted is exit 1', async () => {
        const { deployment } = await deploy(environment && { environment });
        if (deleted) await remove(...deleted);
        mailHostDown();
        const { job, run } = await deployment.runJob('now');
        expect([isFailed(job), run.exitCode]).toEqual([true, 1]);
        expect(run.stdout).toMatch(/"level":"error".*The failure could not be counted/);
      });
    });

    it('counts a cycle that was killed when the next one begins, with an Event, and recovers', async () => {
      const { account, deployment } = await deploy({ settings: { MAILROOM_POLL_INTERVAL: '5' } });
      await tag(account, 'waiting');
      const release = holdSessions();
      await deployment.createJob('killed');
      await deployment.player.untilStarted('killed');
      const begun = await until(
        () => 'the cycle is noted as begun',
        async () => (await deployment.state())['begun'],
      );
      expect(begun).toMatch(/^killed-\w+ \d{4}-/);
      deployment.player.kill('killed', 'SIGKILL');
      await deployment.player.untilJob('killed', isFailed);
      const killed = await deployment.player.untilRun('killed');
      expect(killed.exitCode).toBe(137);
      expect(await deployment.state()).toEqual({ begun });

      release();
      await until(
        () => 'the interval is over',
        async () => Date.now() - Date.parse(begun.split(' ')[1] ?? '') > 5_000 || undefined,
      );
      const { job, run } = await deployment.runJob('next');
      expect([isComplete(job), run.exitCode]).toEqual([true, 0]);
      expect(await deployment.state()).toEqual({
        'consecutive-failures': '0',
        'last-success': expect.any(String),
        'last-failure': begun.split(' ')[1],
        'last-error': expect.stringContaining(`in the pod ${killed.pod}`),
      });
      const described = await describeCronJob();
      expect(described).toMatch(/Warning\s+CycleNeverEnded\s.*Never ended/);
      expect(described.match(/(CycleNeverEnded|Recovered)(?= )/g)).toEqual(['CycleNeverEnded', 'Recovered']);
      expect(await account.mailboxesOf('waiting')).toEqual(['Feed']);
    });

    it('tells a watchdog, whose URL stands in the Secret and in no log, what the ConfigMap says', async () => {
      const watchdog = await startScriptedServer();
      watchdog.script(() => ({ status: 200, body: 'OK' }));
      const key = '8f3c1d0e-77aa-4b52-9d0c-5f2e61aa0b17';
      const { deployment } = await deploy({ secrets: { MAILROOM_PING_URL: `${watchdog.origin}/${key}` } });
      mailHostDown();
      const down = await deployment.runJob('down');
      mailHostUp();
      const up = await deployment.runJob('up');
      expect([down.run.exitCode, up.run.exitCode]).toEqual([0, 0]);
      const ends = watchdog.requests.filter(({ path }) => !path.endsWith('/start'));
      expect(ends).toMatchObject([
        { method: 'POST', path: `/${key}/fail`, body: (await deployment.state())['last-error'] },
        { method: 'GET', path: `/${key}` },
      ]);
      for (const { run } of [down, up])
        expect(`${run.stdout}${run.stderr}${run.terminationMessage}`).not.toContain(key);
      expect(JSON.stringify(await deployment.state())).not.toContain(key);
      await watchdog.stop();
    });

    it('shows the last words of a Node.js that ran out of heap', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mailroom-heap-'));
      const now = join(folder, 'now');
      const eater = join(folder, 'eater.js');
      await writeFile(
        eater,
        `const eaten = [];
        setInterval(() => { while (require('node:fs').existsSync(${JSON.stringify(now)})) eaten.push(Array(1000).fill({})); }, 20);`,
      );
      const { deployment } = await deploy({
        environment: { NODE_OPTIONS: `--max-old-space-size=24 --require=${eater}` },
      });
      const release = holdSessions();
      await deployment.createJob('hungry');
      const begun = await until(
        () => 'the cycle is noted as begun',
        async () => (await deployment.state())['begun'],
      );
      await writeFile(now, '');
      await deployment.player.untilJob('hungry', isFailed);
      const run = await deployment.player.untilRun('hungry');
      expect(run.exitCode).toBeGreaterThan(128);
      expect(run.terminationMessage).toMatch(/heap/);
      expect(await deployment.state()).toEqual({ begun });
      release();
      await rm(folder, { recursive: true });
    });

    it('makes one contact and one membership when an ad-hoc Job overlaps a scheduled one', async () => {
      const { account, deployment } = await deploy();
      await tag(account, 'news');
      // Both have read what there is to do before either writes.
      let together: () => void = () => {};
      const both = new Promise<void>((resolve) => {
        together = resolve;
      });
      let arrived = 0;
      const meet = () => {
        arrived += 1;
        if (arrived === 2) together();
        return both;
      };
      proxy.fault(({ writes }) => writes, { hold: meet }, 2);
      const ends = await Promise.all(['scheduled', 'now'].map((name) => deployment.runJob(name)));
      expect(ends.map(({ job, run }) => [isComplete(job), run.exitCode])).toEqual([
        [true, 0],
        [true, 0],
      ]);
      expect(arrived).toBe(2);
      await account.contactOf(FROM);
      expect((await account.groups())['Feed']).toHaveLength(1);
      expect(await account.mailboxesOf('news')).toEqual(['Feed']);
    });

    it('has the rights that it needs, and no others', async () => {
      await deploy();
      const user = `system:serviceaccount:${NAMESPACE}:mailroom`;
      const groups = ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`, 'system:authenticated'];
      /** What `kubectl auth can-i` asks, and how it answers. */
      const may = async (right: string): Promise<readonly [string, string]> => {
        const [, verb, resource, group = '', name = ''] = /^(\w+) (\w+)(?:\.([\w.]+))?(?:\/(\S+))?$/.exec(right) ?? [];
        const body = {
          spec: { user, groups, resourceAttributes: { namespace: NAMESPACE, verb, resource, group, name } },
        };
        const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
        const { status } = await controlPlane.request<{ readonly status: { readonly allowed: boolean } }>(
          'POST',
          path,
          { body },
        );
        return [right, status.allowed ? 'yes' : 'no'];
      };
      const expected = {
        'get configmaps/mailroom-state': 'yes',
        'patch configmaps/mailroom-state': 'yes',
        'get cronjobs.batch/mailroom': 'yes',
        'create events': 'yes',
        'get configmaps/mailroom-config': 'no',
        'list configmaps': 'no',
        'create configmaps': 'no',
        'update configmaps/mailroom-state': 'no',
        'get secrets/mailroom-secrets': 'no',
        'patch cronjobs.batch/mailroom': 'no',
        'create jobs.batch': 'no',
        'list events': 'no',
        'create events.events.k8s.io': 'no',
        'get pods': 'no',
      };
      expect(Object.fromEntries(await Promise.all(Object.keys(expected).map(may)))).toEqual(expected);
    });
  });
});
