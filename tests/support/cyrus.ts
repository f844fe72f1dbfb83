import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chown, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Account, MailServer, ServerOptions } from './account';
import { type CyrusPlace, cyrusConf, DOMAIN, FOLDERS, imapdConf, PROGRAMS, SET_PASSWORD } from './cyrus-configuration';
import { type CyrusRelease, installedCyrus } from './cyrus-releases';
import { snapshotOf } from './cyrus-snapshot';
import { freePorts } from './free-ports';
import { connectByImap } from './imap';
import { keptByWorker } from './kept-by-worker';
import { keepRunning } from './kept-process';
import type { Limits } from './limits';
import { deliverByLmtp } from './lmtp';
import { makeQuickFolder } from './quick-folder';

export interface CyrusServer extends MailServer {
  /** Where everything of it is. */
  readonly folder: string;
  /** Makes the Sieve script (RFC 5228) the user's active one. */
  installSieve(account: Account, script: string): Promise<void>;
  /** Delivers the message as mail from outside comes in, through the user's Sieve script. */
  deliver(account: Account, rawMessage: string | Buffer): Promise<void>;
}

export const cyrusRequirement = installedCyrus.requirement;

const run = promisify(execFile);

const AS_CYRUS = ['setpriv', '--reuid=cyrus', '--regid=mail', '--clear-groups'];

/** HMAC key of the tokens: secret enough for a server on the loopback. */
const JWT_KEY = Buffer.from('0123456789abcdef0123456789abcdef');

const READY_WITHIN_MS = 10_000;
const START_ATTEMPTS = 3;

export interface CyrusOptions extends ServerOptions {
  /** The one that the machine has unless another is asked for. */
  readonly release?: CyrusRelease;
}

/** Starts a Cyrus IMAP of its own, on free ports of the loopback, and comes back when it answers. */
export async function startCyrus({ limits = {}, release = installedCyrus }: CyrusOptions = {}): Promise<CyrusServer> {
  return serverOn(release, await launch(release, limits));
}

/**
 * The Cyrus of this release that jest's worker has for all suites whose tests use accounts of their own and leave the
 * server alone. It ends with the worker.
 */
export async function sharedCyrus(release = installedCyrus): Promise<CyrusServer> {
  const running = await keptByWorker(release.name, () => launch(release, {}));
  return { ...serverOn(release, running), stop: async () => {} };
}

function serverOn(release: CyrusRelease, running: Running): CyrusServer {
  const { place, stop } = running;
  const { folder } = place;
  const origin = `http://127.0.0.1:${place.httpPort}`;
  const runAsCyrus = (program: string, ...args: readonly string[]): Promise<unknown> =>
    runInside(release, ...AS_CYRUS, `${PROGRAMS}/${program}`, '-C', `${folder}/imapd.conf`, ...args);
  let lastAdded: Promise<unknown> = Promise.resolve();

  async function makeUser(name: string): Promise<Account> {
    const account = accountOn(place, origin, name);
    await setPassword(release, folder, account);
    await firstLogin(place, account);
    return account;
  }

  return {
    origin,
    folder,
    stop,
    addUser(name = `user${++running.users}`) {
      // One after the other: of two that are written into the password file at once, one gets lost.
      const added = lastAdded.then(() => makeUser(name));
      lastAdded = added.catch(() => undefined);
      return added;
    },
    async index({ username }) {
      await runAsCyrus('squatter', '-r', `user/${username}`);
    },
    async snapshot(account) {
      await firstUpload(account);
      return snapshotOf(folder, account.username);
    },
    async installSieve({ username }, script) {
      const home = join(folder, 'sieve', username.charAt(0), username);
      const { uid, gid } = await cyrusUser(release);
      await mkdir(home, { recursive: true });
      await chown(home, uid, gid);
      await writeFile(join(home, 'rules.script'), script);
      await runAsCyrus('sievec', join(home, 'rules.script'), join(home, 'rules.bc'));
      await symlink('rules.bc', join(home, 'defaultbc')).catch(ignoreExisting);
    },
    deliver: ({ username }, rawMessage) => deliverByLmtp(place.lmtpPort, `${username}@${DOMAIN}`, rawMessage),
  };
}

interface Running {
  readonly place: CyrusPlace;
  readonly stop: () => Promise<void>;
  /** How many users got their name from their number. */
  users: number;
}

async function launch(release: CyrusRelease, limits: Partial<Limits>): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const folder = await makeQuickFolder('mailroom-cyrus-');
    const [imapPort = 0, httpPort = 0, lmtpPort = 0] = await freePorts(3);
    const place = { folder, imapPort, httpPort, lmtpPort };
    await layOut(release, place, limits);
    const configuration = ['-C', `${folder}/imapd.conf`, '-M', `${folder}/cyrus.conf`, '-p', `${folder}/pid`];
    const [command = '', ...args] = [...release.enter, `${PROGRAMS}/master`, ...configuration, '-D'];
    const { end: stop } = keepRunning({
      command,
      arguments: args,
      log: join(folder, 'log'),
      removes: folder,
      // The master ends its services when it is asked to end.
      signal: 'TERM',
    });
    try {
      await answers(place);
      return { place, stop, users: 0 };
    } catch (error) {
      await stop();
      if (!(error instanceof PortTaken) || attempt === START_ATTEMPTS) throw error;
    }
  }
}

/** Runs a program of this release to its end. */
function runInside(release: CyrusRelease, ...words: readonly string[]) {
  const [command = '', ...args] = [...release.enter, ...words];
  return run(command, args);
}

function accountOn({ imapPort }: CyrusPlace, origin: string, username: string): Account {
  return {
    username,
    password: `password-of-${username}`,
    token: tokenOf(username),
    sessionUrl: `${origin}/jmap/`,
    carddavUrl: `${origin}/`,
    bookUrl: `${origin}/dav/addressbooks/user/${username}/Default/`,
    takesManyCards: true,
    imapPort,
  };
}

/** A JSON Web Token as Cyrus wants it: it compares the header to the byte and allows no claim but `sub`. */
function tokenOf(username: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: username })}`;
  return `${signed}.${createHmac('sha256', JWT_KEY).update(signed).digest('base64url')}`;
}

async function layOut(release: CyrusRelease, place: CyrusPlace, limits: Partial<Limits>): Promise<void> {
  const { folder } = place;
  const { uid, gid } = await cyrusUser(release);
  for (const name of ['var', ...FOLDERS]) {
    await mkdir(join(folder, name), { recursive: true });
    await chown(join(folder, name), uid, gid);
  }
  await chown(folder, uid, gid);
  await writeFile(join(folder, 'imapd.conf'), imapdConf(place, limits));
  await writeFile(join(folder, 'cyrus.conf'), cyrusConf(place));
  const key = `-----BEGIN HMAC KEY-----\n${JWT_KEY.toString('base64')}\n-----END HMAC KEY-----\n`;
  await writeFile(join(folder, 'jwt', 'key.pem'), key);
  // Cyrus opens the passwords as its own user; made here so that the first one does not belong to root.
  await setPassword(release, folder, proberOf(place));
  await chown(join(folder, 'sasldb2'), uid, gid);
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

async function cyrusUser({ root }: CyrusRelease): Promise<Owner> {
  const users = await readFile(join(root, 'etc', 'passwd'), 'utf8');
  const [, uid, gid] = /^cyrus:[^:]*:(\d+):(\d+):/m.exec(users) ?? [];
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
  const imap = await connectByImap(imapPort);
  try {
    return await imap.command(`LOGIN ${username} ${password}`);
  } finally {
    imap.close();
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function setPassword(
  release: CyrusRelease,
  folder: string,
  user: Pick<Account, 'username' | 'password'>,
): Promise<void> {
  const where = ['-f', join(folder, 'sasldb2'), '-u', DOMAIN];
  const setting = runInside(release, SET_PASSWORD, '-p', '-c', ...where, user.username);
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

/** The first upload makes a mailbox of its own. */
async function firstUpload({ username, token, sessionUrl }: Account): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' };
  const { status } = await fetch(`${sessionUrl}upload/${username}/`, { method: 'POST', headers, body: 'x' });
  if (status !== 201) throw new Error(`Cyrus takes no upload: ${status}`);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
