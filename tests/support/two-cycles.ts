import { accountAt } from './account';
import { runHere } from './bundle-here';
import { type SeenRequest, startProxy } from './proxy';
import type { TestAccount } from './test-account';

/** Runs two cycles at once, which must both end well, and gives the requests of one of them. */
export async function twoCyclesAtOnce({ account }: TestAccount, origin: string): Promise<readonly SeenRequest[]> {
  const proxy = await startProxy(origin);
  try {
    const ends = await Promise.all([
      runHere(['--once'], { account: accountAt(account, proxy.origin) }),
      runHere(['--once'], { account }),
    ]);
    const failed = ends.find(({ status }) => status !== 0);
    if (failed !== undefined) throw new Error(`A cycle ended with ${failed.status}: ${failed.stdout}${failed.stderr}`);
    return [...proxy.requests];
  } finally {
    await proxy.stop();
  }
}
