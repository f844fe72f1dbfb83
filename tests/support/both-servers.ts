import type { MailServer, ServerOptions } from './account';
import { cyrusRequirement, startCyrus } from './cyrus';
import { startEmbedded } from './embedded/server';
import { describeWith } from './requirement';

/**
 * Describes the same behaviour of both servers, the embedded and the real one. `server` gives the one that runs, in
 * hooks and tests. Where they differ, the embedded one is wrong.
 */
export function describeOnBothServers(
  title: string,
  body: (server: () => MailServer) => void,
  options: ServerOptions = {},
): void {
  const suite = (start: () => Promise<MailServer>) => (): void => {
    let running: MailServer | undefined;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running?.stop());
    body(() => running as MailServer);
  };
  describe(
    `${title}, on the embedded server`,
    suite(() => startEmbedded({ ...options, searchLags: true })),
  );
  describeWith(
    cyrusRequirement,
    `${title}, on Cyrus`,
    suite(() => startCyrus(options)),
  );
}
