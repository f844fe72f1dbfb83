import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Clones the project into a folder, with what is not committed yet. */
export async function cloneCheckout(folder: string): Promise<void> {
  await run('git', ['clone', '--quiet', '.', folder]);
  await copyFiles([...(await pathsOf('diff', '-z', '--name-only', 'HEAD')), ...(await untracked())], folder);
}

/** Copies what git has of the project, and what it would take, into a folder. */
export async function copyCheckout(folder: string): Promise<void> {
  await run('git', ['checkout-index', '--all', `--prefix=${folder}/`]);
  await copyFiles([...(await pathsOf('diff', '-z', '--name-only')), ...(await untracked())], folder);
}

function untracked(): Promise<readonly string[]> {
  return pathsOf('ls-files', '-z', '--others', '--exclude-standard');
}

async function pathsOf(...args: readonly string[]): Promise<readonly string[]> {
  return (await run('git', [...args])).stdout.split('\0').filter((path) => path !== '');
}

async function copyFiles(paths: readonly string[], folder: string): Promise<void> {
  for (const path of paths) {
    const copy = join(folder, path);
    await mkdir(dirname(copy), { recursive: true });
    // A file that was deleted, of which git still knows.
    await cp(path, copy).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await rm(copy, { force: true });
    });
  }
}
