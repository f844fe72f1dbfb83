import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { openAccount } from '../support/test-account';

const SENDERS = 50;
const OLD = '2020-05-05T05:05:05Z';
const RECENT = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, '');

/** Cyrus refuses a search that names too many mailboxes and addresses ("search too complex"). */
describeOnCyrus('Many categories, with 50 senders in one cycle on Cyrus', (cyrus) => {
  it.each([10, 200])(
    'moves all their mail on a re-triage: %i categories',
    async (count) => {
      const names = Array.from({ length: count }, (_, i) => `C${i}`);
      const env = { MAILROOM_CATEGORIES: JSON.stringify(names) };
      const account = await openAccount(await cyrus().addUser());
      await account.makeMailboxes([
        'Screener',
        '@MailroomError',
        '@MailroomWarning',
        ...names,
        ...names.map((name) => `@To${name}`),
      ]);
      await account.makeGroups(names);
      const categoryOf = (sender: number, round: number) => names[(sender + round) % count] as string;
      const fromEach = (
        mail: (sender: number) => { readonly mailboxes: readonly string[]; readonly receivedAt?: string },
      ) => Array.from({ length: SENDERS }, (_, i) => ({ subject: `${i}`, from: `s${i}@sender.example`, ...mail(i) }));

      // What the rules of the server have filed, long ago and just now, and what lies elsewhere.
      await account.addMessages([
        ...fromEach((i) => ({ mailboxes: [categoryOf(i, 0)], receivedAt: OLD })),
        ...fromEach((i) => ({ mailboxes: [categoryOf(i, 0)], receivedAt: RECENT })),
        ...fromEach(() => ({ mailboxes: ['Inbox'], receivedAt: OLD })),
      ]);
      await cyrus().index(account.account);
      await account.addMessages(fromEach((i) => ({ mailboxes: [`@To${categoryOf(i, 0)}`] })));
      expect(await cycle(account, env)).toMatchObject({ triaged: SENDERS, filed: SENDERS });
      await cyrus().index(account.account);

      await account.addMessages(fromEach((i) => ({ mailboxes: ['Screener', `@To${categoryOf(i, 1)}`] })));
      expect(await cycle(account, env)).toMatchObject({ triaged: SENDERS, filed: 4 * SENDERS });

      const places = (await account.messages()).map(({ subject, mailboxes }) => `${subject} ${mailboxes.join()}`);
      expect(places.sort()).toEqual(
        Array.from({ length: SENDERS }, (_, i) => [...Array(4).fill(`${i} ${categoryOf(i, 1)}`), `${i} Inbox`])
          .flat()
          .sort(),
      );
    },
    240_000,
  );
});
