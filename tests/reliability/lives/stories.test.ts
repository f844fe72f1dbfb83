import { type EmbeddedServer, startEmbedded } from '../../support/embedded/server';
import { cycle, index, killedCycle, label, leave, receive, reset, twoCycles, unlabel, writeCard } from './commands';
import { embeddedLives, type Life } from './life';
import { tell } from './stories';

/** Stories as random lives print them, kept since each of them is a way that promises have been, or could be, broken. */
describe('a story', () => {
  let server: EmbeddedServer;
  let begin: () => Promise<Life>;

  beforeAll(async () => {
    server = await startEmbedded({ searchLags: true });
    begin = await embeddedLives(server);
  });
  afterAll(() => server.stop());

  it('of a contact all of whose addresses stand in groups of properties: it is found, and gets no second one', () =>
    tell(begin, [receive(5, ['Screener', '@ToImbox'], ''), cycle()]));

  it('of a verdict that is taken back by a cycle which is killed, and given anew', () =>
    tell(begin, [
      receive(0, ['Screener', '@ToFeed'], 'Ann'),
      cycle(),
      index(),
      label(0, '@ToScreener'),
      killedCycle(14),
      cycle(),
      label(0, '@ToJail'),
      cycle(),
    ]));

  it('of two cycles at once with a sender whom the user has a card of', () =>
    tell(begin, [
      receive(3, ['Screener', '@ToNews'], 'Carl'),
      receive(1, ['Screener', '@ToJail'], ''),
      twoCycles([true, false, false, true, true]),
    ]));

  it('of a contact that the user writes into before all is reset', () =>
    tell(begin, [
      receive(0, ['Screener', '@ToFeed'], 'Ann'),
      receive(3, ['Screener', '@ToFeed'], 'Carl'),
      cycle(),
      writeCard(0, 1),
      writeCard(3, 2),
      reset(),
    ]));

  it('of a conflict that the user settles, and a contact that it takes out of a group by hand', () =>
    tell(begin, [
      receive(2, ['Screener', '@ToFeed'], ''),
      receive(2, ['Screener', '@ToJail'], ''),
      cycle(),
      unlabel(0),
      unlabel(0),
      cycle(),
      leave(0, 'Feed'),
      cycle(),
    ]));

  it('of mail that slips into the Screener past a verdict, and is swept by a cycle which is killed', () =>
    tell(begin, [
      receive(0, ['Screener', '@ToFeed'], 'Ann'),
      cycle(),
      receive(0, ['Screener'], 'Ann', true),
      killedCycle(10),
      cycle(),
    ]));
});
