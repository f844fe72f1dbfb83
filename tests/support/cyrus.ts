import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, statfs, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Account, MailServer, ServerOptions } from './account';
import { type CyrusPlace, cyrusConf, DOMAIN, FOLDERS, imapdConf, lmtpSocket, PROGRAMS } from './cyrus-configuration';
import { freePorts } from './free-ports';
import { keepRunning } from './kept-process';
import type { Limits } from './limits';
import { connectByLines } from './line-connection';
import { deliverByLmtp } from './lmtp';
import type { Requirement } from './requirement';

export interface CyrusServer extends MailServer {
  /** Where everything of it is. */
  readonly folder: string;
  /** Makes the Sieve script (RFC 5228) the user's active one. */
  installSieve(account: Account, script: string): Promise<void>;
  /** Delivers the message as mail from outside comes in, through the user's Sieve script. */
  deliver(account: Account, rawMessage: string | Buffer): Promise<void>;
}

const PACKAGES =
  'cyrus-imapd cyrus-caldav cyrus-common cyrus-admin cyrus-clients sasl2-bin libsasl2-modules libsasl2-modules-db';

const isInstalled = (): boolean => existsSync(`${PROGRAMS}/httpd`);

export const cyrusRequirement: Requirement = {
  name: 'Cyrus IMAP',
  get install() {
    return isInstalled()
      ? 'sudo npm test, as Cyrus starts as root only'
      : `sudo apt-get install --yes --no-install-recommends ${PACKAGES}`;
  },
  missing() {
    if (!isInstalled()) return 'Cyrus IMAP is not installed';
    return process.getuid?.() === 0 ? undefined : 'Cyrus IMAP starts as root only, and drops to its own user';
  },
};

const run = promisify(execFile);

/** HMAC key of the tokens: secret enough for a server on the loopback. */
const JWT_KEY = Buffer.from('0123456789abcdef0123456789abcdef');

/** What the largest suite needs, several times over. */
const ROOM_BYTES = 2 ** 31;

const READY_WITHIN_MS = 10_000;
const START_ATTEMPTS = 3;

/** Starts a Cyrus IMAP of its own, on free ports of the loopback, and comes back when it answers. */
export async function startCyrus({ limits = {} }: ServerOptions = {}): Promise<CyrusServer> {
  const owner = await cyrusUser();
  const { place, stop } = await launch(owner, limits);
  const { folder } = place;
  const origin = `http://127.0.0.1:${place.httpPort}`;
  let users = 0;
  let lastAdded: Promise<unknown> = Promise.resolve();

  async function makeUser(name: string): Promise<Account> {
    const account = accountOn(origin, name);
    await setPassword(folder, account);
    await firstLogin(place, account);
    return account;
  }

  return {
    origin,
    folder,
    stop,
    addUser(name = `user${++users}`) {
      // One after the other: of two that are written into the password file at once, one gets lost.
      const added = lastAdded.then(() => makeUser(name));
      lastAdded = added.catch(() => undefined);
      return added;
    },
    async index({ username }) {
      await run(`${PROGRAMS}/squatter`, ['-C', `${folder}/imapd.conf`, '-r', `user/${username}`], owner);
    },
    async installSieve({ username }, script) {
      const home = join(folder, 'sieve', username.charAt(0), username);
      await mkdir(home, { recursive: true });
      await writeFile(join(home, 'rules.script'), script);
      await run(`${PROGRAMS}/sievec`, [
        '-C',
        `${folder}/imapd.conf`,
        join(home, 'rules.script'),
        join(home, 'rules.bc'),
      ]);
      await symlink('rules.bc', join(home, 'defaultbc')).catch(ignoreExisting);
    },
    deliver: ({ username }, rawMessage) => deliverByLmtp(lmtpSocket(folder), `${username}@${DOMAIN}`, rawMessage),
  };
}

interface Launched {
  readonly place: CyrusPlace;
  readonly stop: () => Promise<void>;
}

async function launch(owner: Owner, limits: Partial<Limits>): Promise<Launched> {
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(await quickFolder(), 'mailroom-cyrus-'));
    const [imapPort = 0, httpPort = 0] = await freePorts(2);
    const place = { folder, imapPort, httpPort };
    await layOut(place, owner, limits);
    const { end: stop } = keepRunning({
      command: `${PROGRAMS}/master`,
      arguments: ['-C', `${folder}/imapd.conf`, '-M', `${folder}/cyrus.conf`, '-p', `${folder}/pid`, '-D'],
      log: join(folder, 'log'),
      removes: folder,
      // The master ends its services when it is asked to end.
      signal: 'TERM',
    });
    try {
      await answers(place);
      return { place, stop };
    } catch (error) {
      await stop();
      if (!(error instanceof PortTaken) || attempt === START_ATTEMPTS) throw error;
    }
  }
}

function accountOn(origin: string, username: string): Account {
  return {
    username,
    password: `password-of-${username}`,
    token: tokenOf(username),
    sessionUrl: `${origin}/jmap/`,
    carddavUrl: `${origin}/`,
    bookUrl: `${origin}/dav/addressbooks/user/${username}/Default/`,
  };
}

/** A JSON Web Token as Cyrus wants it: it compares the header to the byte and allows no claim but `sub`. */
function tokenOf(username: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: username })}`;
  return `${signed}.${createHmac('sha256', JWT_KEY).update(signed).digest('base64url')}`;
}

async function layOut(place: CyrusPlace, owner: Owner, limits: Partial<Limits>): Promise<void> {
  const { folder } = place;
  for (const name of ['var', ...FOLDERS]) {
    await mkdir(join(folder, name), { recursive: true });
    await chown(join(folder, name), owner.uid, owner.gid);
  }
  await chown(folder, owner.uid, owner.gid);
  await writeFile(join(folder, 'imapd.conf'), imapdConf(place, limits));
  await writeFile(join(folder, 'cyrus.conf'), cyrusConf(place));
  const key = `-----BEGIN HMAC KEY-----\n${JWT_KEY.toString('base64')}\n-----END HMAC KEY-----\n`;
  await writeFile(join(folder, 'jwt', 'key.pem'), key);
  // Cyrus opens the passwords as its own user; made here so that the first one does not belong to root.
  await setPassword(folder, proberOf(place));
  await chown(join(folder, 'sasldb2'), owner.uid, owner.gid);
}

/** Memory, where there is plenty: Cyrus syncs every write, and a disk makes it three times slower. */
async function quickFolder(): Promise<string> {
  const memory = '/dev/shm';
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > ROOM_BYTES ? memory : tmpdir();
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

async function cyrusUser(): Promise<Owner> {
  const { stdout } = await run('getent', ['passwd', 'cyrus']);
  const [, , uid, gid] = stdout.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Another server was faster and has the port: a free one is free only until it is bound. */
class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/** A user whom no other server knows. */
function proberOf({ folder }: CyrusPlace): Pick<Account, 'username' | 'password'> {
  return { username: 'prober', password: basename(folder) };
}

/** Waits until both services answer, and are this server's. */
async function answers(place: CyrusPlace): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  const { username, password } = proberOf(place);
  for (;;) {
    try {
      const isOurs = (await logIn(place, username, password)).startsWith('a OK');
      // JMAP would do as well, but takes its time at first.
      const { status } = await fetch(`http://127.0.0.1:${place.httpPort}/dav/principals/user/${username}/`, {
        method: 'PROPFIND',
        headers: { authorization: basic(username, password), depth: '0' },
      });
      if (!isOurs || status === 401) throw new PortTaken(`Somebody else answers for Cyrus in ${place.folder}`);
      return;
    } catch (error) {
      if (error instanceof PortTaken) throw error;
      if (Date.now() > deadline) throw new Error(`Cyrus in ${place.folder} does not answer`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** What the server says to the login. */
async function logIn({ imapPort }: CyrusPlace, username: string, password: string): Promise<string> {
  const imap = await connectByLines({ host: '127.0.0.1', port: imapPort });
  try {
    await imap.ask('', /^\* OK /);
    return await imap.ask(`a LOGIN ${username} ${password}\r\n`, /^a /);
  } finally {
    imap.close();
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function setPassword(folder: string, user: Pick<Account, 'username' | 'password'>): Promise<void> {
  const setting = run('saslpasswd2', ['-p', '-c', '-f', join(folder, 'sasldb2'), '-u', DOMAIN, user.username]);
  setting.child.stdin?.end(user.password);
  await setting;
}

/** The first login makes the INBOX, and the first look the address book. */
async function firstLogin(place: CyrusPlace, { username, password, bookUrl }: Account): Promise<void> {
  const answer = await logIn(place, username, password);
  if (!answer.startsWith('a OK')) throw new Error(`Cyrus: ${answer}`);
  const headers = { authorization: basic(username, password), depth: '0' };
  const book = await fetch(bookUrl, { method: 'PROPFIND', headers });
  await book.arrayBuffer();
  if (book.status !== 207) throw new Error(`Cyrus made no address book: ${book.status}`);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
