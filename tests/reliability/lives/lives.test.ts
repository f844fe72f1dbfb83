import { type EmbeddedServer, startEmbedded } from '../../support/embedded/server';
import { describeOnCyrus } from '../../support/on-cyrus';
import { extent, figure } from '../extent';
import { embeddedLives, livesOn } from './life';
import { tellRandomly } from './stories';

describe('random lives', () => {
  let server: EmbeddedServer;

  beforeAll(async () => {
    server = await startEmbedded({ searchLags: true });
  });
  afterAll(() => server.stop());

  it(
    'keep all promises, and end in a cycle that writes nothing',
    async () => {
      const lives = extent(300, 5_000);
      const events = await tellRandomly(await embeddedLives(server), { lives, longest: 12, seed: 1 });
      figure(`lives: ${lives} on the embedded server, ${events} events`);
    },
    extent(240_000, 3_600_000),
  );
});

describeOnCyrus('Random lives on Cyrus', (cyrus) => {
  it(
    'keep all promises, and end in a cycle that writes nothing',
    async () => {
      const lives = extent(2, 36);
      const events = await tellRandomly(await livesOn(cyrus()), { lives, longest: 12, seed: 2 });
      figure(`lives: ${lives} on Cyrus, ${events} events`);
    },
    extent(240_000, 3_600_000),
  );
});
