import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

let made = 0;

/**
 * Copies the files in which Cyrus has what is the user's: mail, cards, state of both, index. What it gives puts them back.
 * Which mailboxes there are is kept elsewhere, and must not have changed meanwhile. Between two requests no program of
 * Cyrus holds any of the files: each opens them by their names again.
 */
export async function snapshotOf(folder: string, username: string): Promise<() => Promise<void>> {
  if (!/^\w+$/.test(username)) throw new Error(`Cyrus spells the name ${username} in another way in its folders`);
  const letter = username.charAt(0);
  const home = [`spool/user/${username}`, `search/${letter}/user/${username}`, `var/quota/${letter}/user.${username}`];
  const files = [...home, `var/user/${letter}/${username}.*`].join(' ');
  const kept = `kept/${username}-${++made}`;
  const mailboxes = await foldersIn(join(folder, 'spool/user', username));
  // Not all of them are there: the index is made by the first search.
  await shell(folder, `mkdir -p ${kept} && cp -a --parents $(ls -d ${files} 2>/dev/null) ${kept}`);
  return async () => {
    const now = await foldersIn(join(folder, 'spool/user', username));
    if (now !== mailboxes) throw new Error(`There are other mailboxes than at the snapshot: ${mailboxes} -> ${now}`);
    await shell(folder, `rm -rf ${files} && cp -a ${kept}/. .`);
  };
}

async function shell(cwd: string, command: string): Promise<void> {
  await run('sh', ['-c', command], { cwd });
}

async function foldersIn(folder: string): Promise<string> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .flatMap((each) => (each.isDirectory() ? join(each.parentPath, each.name) : []))
    .sort()
    .join();
}
