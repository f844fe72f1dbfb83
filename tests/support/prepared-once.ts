import type { MailServer } from './account';
import type { TestAccount } from './test-account';

/**
 * What several tests of one server begin with, one after the other: made for the first of them, and brought back as it was
 * for each of the others. No test may make a mailbox in it.
 */
export function preparedOnce<Prepared extends TestAccount>(
  server: () => MailServer,
  prepare: (server: MailServer) => Promise<Prepared>,
): () => Promise<Prepared> {
  let made: { readonly prepared: Prepared; readonly restore: () => Promise<void> } | undefined;
  return async () => {
    if (made === undefined) {
      const prepared = await prepare(server());
      made = { prepared, restore: await server().snapshot(prepared.account) };
    } else await made.restore();
    return made.prepared;
  };
}
