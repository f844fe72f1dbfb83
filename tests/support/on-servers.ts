import type { BookServer, MailServer, ServerOptions } from './account';
import { startCyrus } from './cyrus';
import { CYRUS_RELEASES } from './cyrus-releases';
import { startEmbedded } from './embedded/server';
import { describeWith } from './requirement';

/**
 * Describes the same behaviour of the embedded server and of every real one. `server` gives the one that runs, in
 * hooks and tests. Where they differ, the embedded one is wrong.
 */
export function describeOnMailServers(
  title: string,
  body: (server: () => MailServer) => void,
  options: ServerOptions = {},
): void {
  describe(
    `${title}, on the embedded server`,
    over(() => startEmbedded({ ...options, searchLags: true }), body),
  );
  for (const release of CYRUS_RELEASES)
    describeWith(
      release.requirement,
      `${title}, on ${release.name}`,
      over(() => startCyrus({ ...options, release }), body),
    );
}

function over<Server extends BookServer>(start: () => Promise<Server>, body: (server: () => Server) => void) {
  return (): void => {
    let running: Server | undefined;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running?.stop());
    body(() => {
      if (running === undefined) throw new Error('The server has not started');
      return running;
    });
  };
}
