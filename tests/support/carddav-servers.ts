import { execFileSync } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BookAccount, BookServer } from './account';
import { startGateway } from './authenticating-gateway';
import { openCardDriver } from './card-driver';
import { freePorts } from './free-ports';
import { type KeptProgram, keepRunning } from './kept-process';
import { makeQuickFolder } from './quick-folder';
import type { Requirement } from './requirement';
import { until } from './until';

/** A CardDAV server that shares no code with Cyrus. */
export interface CardDavServer {
  readonly name: string;
  readonly start: () => Promise<BookServer>;
}

export const carddavServersRequirement: Requirement = {
  name: 'Radicale and Xandikos',
  install: 'tests/support/carddav-servers/build.sh',
  missing() {
    try {
      programs();
      return undefined;
    } catch {
      return 'Radicale and Xandikos have not been fetched';
    }
  },
};

export const CARDDAV_SERVERS: readonly CardDavServer[] = [
  { name: 'Radicale', start: startRadicale },
  { name: 'Xandikos', start: startXandikos },
];

/** Starts a Radicale: one file for each card, written anew in an order and spelling of its own. */
export async function startRadicale(): Promise<BookServer> {
  const folder = await makeQuickFolder('mailroom-radicale-');
  const passwords = join(folder, 'passwords');
  await writeFile(passwords, '');
  const [port] = await freePorts(1);
  const configuration = `
[server]
hosts = 127.0.0.1:${port}
[auth]
type = htpasswd
htpasswd_filename = ${passwords}
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = ${join(folder, 'collections')}
`;
  await writeFile(join(folder, 'configuration'), configuration);
  const origin = `http://127.0.0.1:${port}`;
  const args = ['--config', join(folder, 'configuration')];
  const stop = await launch({ folder, command: 'radicale', arguments: args }, origin);
  let users = 0;
  return {
    origin,
    stop,
    async addUser(name = `user${++users}`) {
      const account = accountOn(origin, name, 'contacts');
      await appendFile(passwords, `${name}:${account.password}\n`);
      // The first request makes the user's collection, and nothing makes the book but its owner.
      await openCardDriver(account).makeBook('contacts');
      return account;
    },
  };
}

/** Starts a Xandikos: a git repository for each book. It leaves passwords to a proxy before it. */
export async function startXandikos(): Promise<BookServer> {
  const folder = await makeQuickFolder('mailroom-xandikos-');
  const [port = 0] = await freePorts(1);
  const where = ['--directory', join(folder, 'collections'), '--state-dir', join(folder, 'state')];
  const listening = [
    '--listen-address',
    '127.0.0.1',
    '--port',
    String(port),
    '--trust-x-remote-user-from',
    '127.0.0.1',
  ];
  const args = ['multi-user', '--defaults', ...where, ...listening];
  const end = await launch({ folder, command: 'xandikos', arguments: args }, `http://127.0.0.1:${port}`);
  const passwords = new Map<string, string>();
  const gateway = await startGateway(port, passwords);
  let users = 0;
  return {
    origin: gateway.origin,
    async stop() {
      await gateway.stop();
      await end();
    },
    async addUser(name = `user${++users}`) {
      const account = accountOn(gateway.origin, name, 'contacts/addressbook');
      passwords.set(name, account.password);
      // The first look makes the book.
      await openCardDriver(account).cardState();
      return account;
    },
  };
}

async function launch(
  program: Pick<KeptProgram, 'command' | 'arguments'> & { readonly folder: string },
  origin: string,
): Promise<() => Promise<void>> {
  const { folder } = program;
  const command = join(programs(), program.command);
  const { end } = keepRunning({ command, arguments: program.arguments, log: join(folder, 'log'), removes: folder });
  try {
    await until(
      () => `${program.command} answers`,
      async () => (await fetch(origin, { redirect: 'manual' })).status,
    );
    return end;
  } catch (error) {
    await end();
    throw error;
  }
}

function accountOn(origin: string, username: string, book: string): BookAccount {
  const password = `password-of-${username}`;
  return {
    username,
    password,
    carddavUrl: `${origin}/`,
    bookUrl: `${origin}/${username}/${book}/`,
    takesManyCards: false,
  };
}

/** The folder of the programs. */
function programs(): string {
  const script = join(__dirname, 'carddav-servers', 'build.sh');
  return execFileSync('bash', [script, '--list'], { encoding: 'utf8', stdio: 'pipe' }).trim();
}
