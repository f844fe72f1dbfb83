import { accountAt } from './account';
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
