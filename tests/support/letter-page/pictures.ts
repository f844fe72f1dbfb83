import { resolve } from 'node:path';
import { readFacts } from '../../../src/commands/letter/read-letter';
import { writeLetter } from '../../../src/commands/letter/written';
import { readSettings } from '../../../src/config';
import { NO_PROGRESS } from '../../../src/progress';
import { openAccountBook, openAccountMail } from '../clients';
import { startEmbedded } from '../embedded/server';
import { livedInAccount } from '../lived-in';
import { runMailroom, settingsOf } from '../mailroom';
import { CLOCK_OPTIONS, FIXED_CLOCK, WAITING } from '../screens/scenes';
import { takePicture } from './browser';
import { startPageServer } from './page-server';

const SIZES = { phone: { width: 360, height: 2060 }, desk: { width: 1000, height: 1740 } } as const;

/** Takes the pictures of the letter for the documents: the demo's account after a cycle, with more who wait. */
async function main(): Promise<void> {
  const server = await startEmbedded();
  const account = await livedInAccount(server, 'letter');
  await account.makeMailboxes(['@ToScreener']);
  await runMailroom(['--once'], { account: account.account, env: CLOCK_OPTIONS });
  // Not every machine has the letters of Japan.
  const drawable = WAITING.filter(({ from }) => !from.startsWith('=?'));
  await account.addMessages(drawable.map((message) => ({ ...message, mailboxes: ['Screener'] })));
  const [mail, book] = await Promise.all([openAccountMail(account.account), openAccountBook(account.account)]);
  const facts = await readFacts(
    { mail, book },
    {
      settings: readSettings(settingsOf(account.account)),
      now: new Date(FIXED_CLOCK),
      cluster: undefined,
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      progress: NO_PROGRESS,
    },
  );
  const letter = writeLetter(facts, { links: true });
  if (letter === undefined) throw new Error('The letter of the demo has nothing to tell');
  const pages = await startPageServer(() => ({ '/letter': letter.html }));
  try {
    for (const [name, size] of Object.entries(SIZES)) {
      await takePicture(`${pages.origin}/letter`, resolve(`docs/screens/letter-${name}.png`), size);
    }
  } finally {
    await pages.stop();
    await server.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
