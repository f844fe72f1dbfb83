import { execFile, execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { makeQuickFolder } from './quick-folder';
import { rootRequirement } from './requirement';

export interface ContainerRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An image built here, unpacked. */
export interface Image {
  /** Where its files are. */
  readonly root: string;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Runs a container of it as the cluster does: as the image's user, with a read-only root, without capabilities and
   * without the machine's environment. It shares the machine's network, so that it reaches servers on the loopback.
   */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<ContainerRun>;
  /** Runs this script in place of the image's own, with the same Node.js. */
  evaluate(script: string): Promise<ContainerRun>;
}

export interface ImageWorkshop {
  /** Builds the project's Dockerfile in this folder, over stand-ins of its base images. */
  build(context: string): Promise<Image>;
  /** The names of the files that a `COPY .` of this folder brings into an image. */
  filesSent(context: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const buildahRequirement = rootRequirement(
  'buildah',
  missingForImages(),
  'sudo apt-get install --yes --no-install-recommends buildah && tests/support/image/node.sh',
);

function missingForImages(): string | undefined {
  try {
    execFileSync('buildah', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'buildah is not installed';
  }
  try {
    nodeProgram();
    return undefined;
  } catch {
    return 'The Node.js of the image has not been fetched';
  }
}

const run = promisify(execFile);
/** Of the output of a build. */
const MAX_BUFFER = 64 * 1024 * 1024;

/** Mounts of one container, which are gone with it. */
const IN_READ_ONLY_ROOT = `
root=$1; shift
mount --bind "$root" "$root" && mount -o remount,bind,ro "$root" &&
exec setpriv --no-new-privs chroot --userspec="$USERSPEC" --groups= "$root" "$@"
`;

export async function openImageWorkshop(): Promise<ImageWorkshop> {
  // Thousands of small files: a disk makes a build twice as dear.
  const folder = await makeQuickFolder('mailroom-image-', { holdsPrograms: true });
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
  const buildah = async (...args: readonly string[]): Promise<string> =>
    (
      await run('buildah', [...storage, ...args], { maxBuffer: MAX_BUFFER, env: { ...process.env, GOGC: '400' } })
    ).stdout.trim();
  const buildFrom = (context: string, ...args: readonly string[]): Promise<string> =>
    buildah('build', '--quiet', '--isolation', 'chroot', '--network', 'host', ...args, context);
  const unpack = async (image: string): Promise<string> =>
    buildah('mount', await buildah('from', '--pull-never', image));
  let standIns: Promise<readonly string[]> | undefined;

  return {
    async build(context) {
      standIns ??= makeStandIns(folder, buildFrom);
      const bases = (await standIns).flatMap((argument) => ['--build-arg', argument]);
      const image = await buildFrom(context, ...bases);
      const { OCIv1 } = JSON.parse(await buildah('inspect', '--type', 'image', image));
      const { User, Entrypoint, Cmd, Env, Labels } = OCIv1.config;
      const root = await unpack(image);
      const environment = Object.fromEntries((Env as string[]).map((line) => line.split(/=(.*)/s, 2)));
      return {
        ...{ root, user: User, entrypoint: Entrypoint, command: Cmd, environment, labels: Labels },
        run: (args, more = {}) => runContainer(root, User, [...Entrypoint, ...args], { ...environment, ...more }),
        evaluate: (script) => runContainer(root, User, [Entrypoint[0], '--eval', script], environment),
      };
    },
    async filesSent(context) {
      const dockerfile = join(folder, 'everything.Dockerfile');
      await writeFile(dockerfile, 'FROM scratch\nCOPY . /\n');
      const root = await unpack(await buildFrom(context, '--file', dockerfile));
      return (await run('find', ['.', '-type', 'f'], { cwd: root })).stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.slice('./'.length))
        .sort();
    },
    // Under `vfs` containers are folders: nothing is mounted.
    close: () => rm(folder, { recursive: true }),
  };
}

function nodeProgram(): string {
  const script = resolve('tests/support/image/node.sh');
  return execFileSync(script, ['--list'], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

type Build = (context: string, ...args: readonly string[]) => Promise<string>;

/** What stands in for the base images, made of this machine's own files. Gives the build arguments that name them. */
async function makeStandIns(folder: string, build: Build): Promise<readonly string[]> {
  const node = nodeProgram();
  const base = join(folder, 'base');
  await mkdir(join(base, 'tmp'), { recursive: true, mode: 0o755 });
  await run('chmod', ['1777', join(base, 'tmp')]);
  await copyFiles(base, await librariesOf(node));
  await mkdir(join(base, 'etc'), { recursive: true });
  await writeFile(join(base, 'etc/passwd'), 'nonroot:x:65532:65532::/tmp:/nowhere\n');
  await writeFile(join(base, 'Dockerfile'), 'FROM scratch\nCOPY . /\nUSER 65532\n');

  // With npm, a shell for its scripts, and whatever certificates this machine trusts.
  const npm = dirname(dirname(await realpath((await run('which', ['npm'])).stdout.trim())));
  const full = join(folder, 'full');
  await run('cp', ['-Rp', base, full]);
  const programs = ['/bin/sh', '/usr/bin/env', '/etc/ssl/certs/ca-certificates.crt'];
  await copyFiles(full, [...programs, ...(await librariesOf('/bin/sh')), ...(await librariesOf('/usr/bin/env'))]);
  await mkdir(join(full, 'usr/local/bin'), { recursive: true });
  await cp(node, join(full, 'usr/local/bin/node'));
  await mkdir(join(full, 'usr/local/lib'), { recursive: true });
  await run('cp', ['-Rp', npm, join(full, 'usr/local/lib/npm')]);
  await symlink('../lib/npm/bin/npm-cli.js', join(full, 'usr/local/bin/npm'));
  await mkdir(join(full, 'root'), { recursive: true });
  await writeFile(
    join(full, 'Dockerfile'),
    'FROM scratch\nCOPY . /\nENV PATH=/usr/local/bin:/usr/bin:/bin HOME=/root NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt\n',
  );
  return [`NODE_IMAGE=${await build(full)}`, `BASE_IMAGE=${await build(base)}`];
}

/** The shared libraries of a program, the loader included. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program]);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path as string);
}

async function copyFiles(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(await realpath(path), join(root, path));
  }
}

async function runContainer(
  root: string,
  user: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ContainerRun> {
  // The machine's own programs need a PATH on the way; where the image has one, that is it.
  const env = { PATH: process.env.PATH, USERSPEC: user, ...environment };
  const child = spawn('unshare', ['--mount', 'sh', '-c', IN_READ_ONLY_ROOT, 'sh', root, ...words], { env });
  child.stdin.end();
  const status = new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, stdout, stderr };
}
