import type { MailroomError } from '../../../src/errors';
import type { MailServer } from '../../support/account';
import type { EmbeddedServer } from '../../support/embedded/server';
import { type Sight, sightOf as sightThroughDrivers } from '../../support/invariants/sight';
import { openAccount, type TestAccount } from '../../support/test-account';
import { sightOf } from '../embedded-sight';
import { type Command, openOverNetwork, run } from '../in-process';
import { type Carry, openInMemory, sendInMemory } from '../memory';
import { alternating } from './alternating';
import { CARDS, settle } from './people';

/** An account in which a story happens, on whichever server. */
export interface Life {
  readonly account: TestAccount;
  look(): Promise<Sight>;
  /** Brings the search index up to date. */
  index(): Promise<void>;
  /** Runs a command of Mailroom's; with `killAfter` its process ends after so many requests. */
  run(command: Command, killAfter?: number): Promise<MailroomError | undefined>;
  /** Two cycles at once, whose requests take turns as the schedule says (false for the first cycle, true for the second). */
  runBoth(schedule: readonly boolean[]): Promise<void>;
  /** Texts of the user's own cards by UID, as they would be without Mailroom. */
  readonly written: Map<string, string>;
  /** To be called when the story is over. */
  end(): void;
}

/** Begins lives on the embedded server, each on a copy of one account, without a network. */
export async function embeddedLives(server: EmbeddedServer): Promise<() => Promise<Life>> {
  const { account: base } = await settle(await openAccount(await server.addUser()));
  return async () => {
    const account = server.copyUser(base);
    const driver = await openAccount(account, sendInMemory(server.answer));
    return {
      account: driver,
      look: async () => sightOf(server.storesOf(account)),
      index: () => server.index(account),
      run: (command, killAfter) => run(command, account, openInMemory(account, killed(server.answer, killAfter))),
      async runBoth(schedule) {
        const lanes = alternating(schedule, server.answer);
        await Promise.all(lanes.map((carry) => run('cycle', account, openInMemory(account, carry))));
      },
      written: new Map(CARDS),
      end: () => server.removeUser(account),
    };
  };
}

/** Begins lives on a server behind the network. */
export async function livesOn(server: MailServer): Promise<() => Promise<Life>> {
  return async () => {
    const driver = await settle(await openAccount(await server.addUser()));
    const { account } = driver;
    return {
      account: driver,
      look: () => sightThroughDrivers(driver),
      index: () => server.index(account),
      run(command, killAfter = Number.POSITIVE_INFINITY) {
        const process = new AbortController();
        let requests = 0;
        const onRequest = (): void => {
          requests += 1;
          if (requests >= killAfter) process.abort();
        };
        return run(command, account, openOverNetwork(account, { signal: process.signal, onRequest }));
      },
      async runBoth() {
        await Promise.all([0, 1].map(() => run('cycle', account, openOverNetwork(account))));
      },
      written: new Map(CARDS),
      end: () => {},
    };
  };
}

/** Carries so many requests, and no more. */
function killed(carry: Carry, after = Number.POSITIVE_INFINITY): Carry {
  let requests = 0;
  return async (request) => {
    requests += 1;
    return requests > after ? { status: 0, cut: 'all' } : carry(request);
  };
}
