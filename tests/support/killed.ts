import { accountAt, type MailServer } from './account';
import { type RunHere, startHere } from './bundle-here';
import type { MailroomRun } from './mailroom';
import { startProxy } from './proxy';
import type { TestAccount } from './test-account';

/**
 * Runs Mailroom and kills it when so many of its writes have been answered: the next one never arrives. The status is
 * null where it was killed, and 0 where it had no more to write.
 */
export async function runKilledAfter(
  writes: number,
  args: readonly string[],
  { account }: Pick<TestAccount, 'account'>,
  origin: string,
): Promise<MailroomRun> {
  const proxy = await startProxy(origin);
  try {
    let mailroom: RunHere | undefined;
    let seen = 0;
    const strike = (): Promise<unknown> => {
      mailroom?.kill();
      return mailroom?.ended ?? Promise.resolve();
    };
    proxy.fault(
      (request) => request.writes && ++seen > writes,
      { drop: 'before', first: strike },
      Number.POSITIVE_INFINITY,
    );
    mailroom = startHere(args, { account: accountAt(account, proxy.origin) });
    return await mailroom.ended;
  } finally {
    await proxy.stop();
  }
}

/**
 * Runs Mailroom on the account as it is now, again and again: killed when none of its writes has been answered, when one has,
 * and so on, and the last time not at all. `look` is called after each, with the number of writes; gives how many there are.
 */
export async function killedAfterEachWrite(
  server: MailServer,
  account: TestAccount,
  args: readonly string[],
  look: (writes: number) => Promise<void>,
): Promise<number> {
  const restore = await server.snapshot(account.account);
  for (let writes = 0; ; writes += 1) {
    if (writes > 0) await restore();
    const { status } = await runKilledAfter(writes, args, account, server.origin);
    await look(writes);
    if (status === 0) return writes;
  }
}
