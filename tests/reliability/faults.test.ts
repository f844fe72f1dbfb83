import { type EmbeddedServer, startEmbedded } from '../support/embedded/server';
import type { TestAccount } from '../support/test-account';
import { extent, figure, progress } from './extent';
import { FAULTS, KILLS } from './faults';
import { openOverNetwork, run } from './in-process';
import { halfMadeAccount, livedInAccount } from './lived-in';
import { createMatrix, type Matrix, type Trial } from './matrix';

/** In the short form, of the faults that do not kill one in so many is tried at each request, each time another one. */
const EACH = extent(150, 1);

/** Enough to see what is wrong. */
const MOST_COMPLAINTS = 10;

/** Promises that were broken, and what was not in the end as after an unbroken run. */
function complaints(trials: readonly Trial[]): readonly string[] {
  return trials.flatMap(({ request, fault, broken, differences }) =>
    [...broken, ...differences].map((what) => `${request.kind}, ${fault.name}: ${what}`),
  );
}

async function tryEach(command: string, matrix: Matrix): Promise<readonly Trial[]> {
  const { requests } = matrix;
  const trials: Trial[] = [];
  for (const [place, request] of requests.entries()) {
    const chosen = FAULTS.filter((_, number) => (number + place * 7) % EACH === 0);
    for (const fault of new Set([...KILLS, ...chosen])) {
      if (fault.concerns(request)) trials.push(await matrix.try(request, fault));
      if (complaints(trials).length >= MOST_COMPLAINTS) return trials;
    }
    progress(`${command}, requests tried`, place + 1, requests.length);
  }
  return trials;
}

describe('with a fault at any request', () => {
  let server: EmbeddedServer;
  let livedIn: TestAccount;
  const cycle = ({ account }: TestAccount): Promise<unknown> => run('cycle', account, openOverNetwork(account));

  beforeAll(async () => {
    server = await startEmbedded({ searchLags: true });
    livedIn = await livedInAccount(server, cycle);
  });
  afterAll(() => server.stop());

  it.each([
    ['cycle', 40, async () => livedIn],
    ['reset', 20, async () => resettable()],
    ['setup', 10, () => halfMadeAccount(server)],
  ] as const)(
    'a %s keeps all promises, and after two more all is as if there had been none',
    async (command, atLeast, account) => {
      const matrix = await createMatrix(server, (await account()).account, command);
      const trials = await tryEach(command, matrix);
      expect(complaints(trials)).toEqual([]);
      expect(matrix.requests.length).toBeGreaterThan(atLeast);
      const twice = trials.filter(({ runs }) => runs > 1).length;
      figure(
        `${command}: ${trials.length} trials (${FAULTS.length} faults, ${matrix.requests.length} requests) that left ${matrix.states} states, ` +
          `all promises kept, ${trials.length} converged, ${twice} of them after two more runs`,
      );
    },
    extent(120_000, 3_600_000),
  );

  /** The account after a cycle, with what the user has done since to contacts of Mailroom's. */
  async function resettable(): Promise<TestAccount> {
    await cycle(livedIn);
    const { text } = await livedIn.contactOf('maya@lind.example');
    await livedIn.putCard(text.replace('END:VCARD', 'TEL:+1 555 0100\r\nEND:VCARD'));
    return livedIn;
  }
});
