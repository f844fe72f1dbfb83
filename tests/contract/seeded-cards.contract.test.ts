import type { BookServer } from '../support/account';
import { openCardDriver } from '../support/card-driver';
import { describeOnBookServers } from '../support/on-servers';
import { cardText } from '../support/wire';

const CARDS = [
  cardText('plain', 'EMAIL;TYPE=work:Ann@X.example', 'NOTE:one\\, two\\;\\nthree'),
  cardText('folded', 'EMAIL:ann@', ' x.example', 'item1.TEL:+1 23', 'item1.X-ABLabel:_$!<Mobile>!$_'),
  cardText('accents', 'EMAIL:jö@x.example', `NOTE:${'é'.repeat(100)}`),
];

describeOnBookServers('Cards that tests add', (server: () => BookServer) => {
  it('are the same one by one and all at once', async () => {
    const [one, other] = [openCardDriver(await server().addUser()), openCardDriver(await server().addUser())];
    for (const text of CARDS) await one.putCard(text);
    await other.addCards(CARDS);
    const [singly, together] = await Promise.all(
      [one, other].map(async ({ cards }) => (await cards()).map(({ text }) => text).sort()),
    );
    expect(singly).toHaveLength(CARDS.length);
    expect(together).toEqual(singly);
  });

  it('are groups, too', async () => {
    const cards = openCardDriver(await server().addUser());
    await cards.makeGroups(['Feed', 'Paper, Trail']);
    expect(await cards.groups()).toEqual({ Feed: [], 'Paper\\, Trail': [] });
  });
});
