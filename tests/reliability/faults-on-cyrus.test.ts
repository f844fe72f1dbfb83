import { accountAt } from '../support/account';
import { brokenByTriage } from '../support/invariants/promises';
import { sightOf } from '../support/invariants/sight';
import { runMailroom, startMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { type Fault, type ReverseProxy, startProxy } from '../support/proxy';
import type { TestAccount } from '../support/test-account';
import { RULES } from './account';
import { extent, figure, progress } from './extent';
import { CATEGORIES_SETTING, openOverNetwork, run } from './in-process';
import { livedInAccount } from './lived-in';
import { differences, type Outcome, outcomeOf } from './outcome';

const FAULTS: Readonly<Record<string, Fault | 'kill before' | 'kill after'>> = {
  'killed before': 'kill before',
  'killed after': 'kill after',
  'HTTP 500': { answer: { status: 500 } },
  'connection reset': { drop: 'before' },
  'answer lost': { drop: 'after' },
  'body cut': { drop: 'mid-body' },
};

/** In the short form one of so many trials is made. */
const EACH = extent(120, 1);

const RUNS_TO_MEND = 2;

describeOnCyrus('A fault at any request of a cycle', (cyrus) => {
  const start = preparedOnce(cyrus, (server) =>
    livedInAccount(server, ({ account }) => run('cycle', account, openOverNetwork(account))),
  );

  /** A cycle through the proxy, whose request of that number meets the fault. */
  async function breakCycle(
    account: TestAccount,
    proxy: ReverseProxy,
    number: number,
    fault: (typeof FAULTS)[string],
  ): Promise<void> {
    let requests = 0;
    const isMeant = (): boolean => ++requests === number;
    if (typeof fault !== 'string') {
      proxy.fault(isMeant, fault, 1);
      await runMailroom(['--once'], { account: accountAt(account.account, proxy.origin), env: CATEGORIES_SETTING });
      return;
    }
    const mailroom = startMailroom(['--once'], {
      account: accountAt(account.account, proxy.origin),
      env: CATEGORIES_SETTING,
    });
    const strike = async (): Promise<void> => {
      const process = await mailroom;
      process.kill('SIGKILL');
      await process.ended;
    };
    proxy.fault(isMeant, { drop: fault === 'kill before' ? 'before' : 'after', first: strike }, 1);
    await (await mailroom).ended;
  }

  it(
    'keeps all promises, and after two more cycles all is as if there had been none',
    async () => {
      const proxy = await startProxy(cyrus().origin);
      try {
        const { outcome, requests } = await unbroken(proxy);
        const trials = Array.from({ length: requests }, (_, index) => index + 1).flatMap((number) =>
          Object.keys(FAULTS).map((name) => ({ number, name })),
        );
        const chosen = trials.filter((_, index) => index % EACH === 0);
        for (const [place, { number, name }] of chosen.entries()) {
          progress('on Cyrus, trials', place, chosen.length);
          const account = await start();
          const before = await sightOf(account);
          proxy.forget();
          await breakCycle(account, proxy, number, FAULTS[name] as (typeof FAULTS)[string]);
          const broken = brokenByTriage(before, await sightOf(account), RULES);
          let found: readonly string[] = [];
          for (let runs = 0; runs < RUNS_TO_MEND; runs++) {
            await cycle(account, CATEGORIES_SETTING);
            found = differences(outcome, outcomeOf(await sightOf(account)));
            if (found.length === 0) break;
          }
          const after = brokenByTriage(before, await sightOf(account), RULES);
          expect({ number, name, complaints: [...broken, ...found, ...after] }).toEqual({
            number,
            name,
            complaints: [],
          });
        }
        figure(`on Cyrus: ${chosen.length} trials (${Object.keys(FAULTS).length} faults, ${requests} requests)`);
      } finally {
        await proxy.stop();
      }
    },
    extent(240_000, 3_600_000),
  );

  async function unbroken(proxy: ReverseProxy): Promise<{ readonly outcome: Outcome; readonly requests: number }> {
    const account = await start();
    await cycle({ account: accountAt(account.account, proxy.origin) }, CATEGORIES_SETTING);
    return { outcome: outcomeOf(await sightOf(account)), requests: proxy.requests.length };
  }
});
