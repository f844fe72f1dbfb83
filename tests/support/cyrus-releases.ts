import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAMS, SET_PASSWORD } from './cyrus-configuration';
import { DISK, MEMORY } from './quick-folder';
import { type Requirement, rootRequirement } from './requirement';

/** A Cyrus IMAP that tests can start. */
export interface CyrusRelease {
  /** `Cyrus 3.10`, say. */
  readonly name: string;
  readonly requirement: Requirement;
  /** The folder that its programs see as `/`. */
  readonly root: string;
  /** What its programs are started by: words before the command. */
  readonly enter: readonly string[];
}

/** Every release sees the folders of the tests where the machine has them. The mounts are gone with the program. */
const ENTER = `mount --bind ${MEMORY} "$0${MEMORY}" && mount --bind ${DISK} "$0${DISK}" && exec /usr/sbin/chroot "$0" "$@"`;

const PACKAGES =
  'cyrus-imapd cyrus-caldav cyrus-common cyrus-admin cyrus-clients sasl2-bin libsasl2-modules libsasl2-modules-db';

/** The one that the machine's package manager installs; the others of the project are written for the same. */
export const installedCyrus: CyrusRelease = {
  name: `Cyrus ${installedVersion() ?? '3.6'}`,
  requirement: rootRequirement(
    'Cyrus IMAP',
    isInstalled() ? undefined : 'Cyrus IMAP is not installed',
    `sudo apt-get install --yes --no-install-recommends ${PACKAGES}`,
  ),
  root: '/',
  enter: [],
};

const newerRoot = builtRoot();

/** A later release beside it, in a Debian of its own. */
export const newerCyrus: CyrusRelease = {
  name: 'Cyrus 3.10',
  requirement: rootRequirement(
    'Cyrus IMAP 3.10',
    newerRoot === undefined ? 'Cyrus IMAP 3.10 has not been built' : undefined,
    'sudo apt-get install --yes debootstrap && sudo tests/support/cyrus-3.10/build.sh',
  ),
  root: newerRoot ?? '/',
  enter: ['unshare', '--mount', 'sh', '-c', ENTER, newerRoot ?? '/'],
};

/** All that the suites run on. */
export const CYRUS_RELEASES: readonly CyrusRelease[] = [installedCyrus, newerCyrus];

function isInstalled(): boolean {
  return existsSync(join(PROGRAMS, 'httpd')) && existsSync(SET_PASSWORD);
}

function installedVersion(): string | undefined {
  if (!isInstalled()) return undefined;
  return /\d+\.\d+/.exec(execFileSync(`${PROGRAMS}/master`, ['-V'], { encoding: 'utf8' }))?.[0];
}

function builtRoot(): string | undefined {
  try {
    const script = join(__dirname, 'cyrus-3.10', 'build.sh');
    return execFileSync('bash', [script, '--list'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
