import type { BookServer, MailServer, ServerOptions } from './account';
import { CARDDAV_SERVERS, carddavServersRequirement } from './carddav-servers';
import { sharedCyrus, startCyrus } from './cyrus';
import { CYRUS_RELEASES } from './cyrus-releases';
import { startEmbedded } from './embedded/server';
import { describeWith } from './requirement';

const EMBEDDED = 'the embedded server';

/**
 * Describes the same behaviour of the embedded server and of every real one. `server` gives the one that runs, in
 * hooks and tests, and `name` is its name. Where they differ, the embedded one is wrong.
 */
export function describeOnMailServers(
  title: string,
  body: (server: () => MailServer, name: string) => void,
  options: ServerOptions = {},
): void {
  describe(
    `${title}, on ${EMBEDDED}`,
    over(EMBEDDED, () => startEmbedded({ ...options, searchLags: true }), body),
  );
  for (const release of CYRUS_RELEASES)
    describeWith(
      release.requirement,
      `${title}, on ${release.name}`,
      over(release.name, () => (options.limits ? startCyrus({ ...options, release }) : sharedCyrus(release)), body),
    );
}

/** Describes the same behaviour of all of them, and of the servers that keep contacts alone. */
export function describeOnBookServers(title: string, body: (server: () => BookServer, name: string) => void): void {
  describeOnMailServers(title, body);
  for (const { name, start } of CARDDAV_SERVERS)
    describeWith(carddavServersRequirement, `${title}, on ${name}`, over(name, start, body));
}

function over<Server extends BookServer>(
  name: string,
  start: () => Promise<Server>,
  body: (server: () => Server, name: string) => void,
) {
  return (): void => {
    let running: Server | undefined;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running?.stop());
    body(() => {
      if (running === undefined) throw new Error('The server has not started');
      return running;
    }, name);
  };
}
