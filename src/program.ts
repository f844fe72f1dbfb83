import { basename, delimiter, dirname, isAbsolute, relative } from 'node:path';

/** What of a process tells how it was started. */
export interface Started {
  /** Node.js, and the script as an absolute path, which may be a link. */
  readonly argv: readonly string[];
  /** The current folder; undefined where it is gone. */
  readonly folder: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The program's name in `bin` of package.json. */
const BIN = 'mailroom';

/** What a person types to start the same program again, from the same folder. */
export function programName({ argv: [, script = BIN], folder, environment }: Started): string {
  if (basename(script) === BIN) {
    if (environment['npm_command'] === 'exec') return `npx ${BIN}`;
    const onPath = (environment['PATH'] ?? '').split(delimiter).includes(dirname(script));
    return onPath ? BIN : inFolder(script, folder);
  }
  return `node ${inFolder(script, folder)}`;
}

/** The path from the folder where that goes down; else the whole path. */
function inFolder(path: string, folder: string | undefined): string {
  const way = folder === undefined ? path : relative(folder, path);
  const down = way.startsWith('..') || isAbsolute(way) ? path : way;
  return /\s/.test(down) ? JSON.stringify(down) : down;
}

/** How this process was started. */
export const PROGRAM: string = programName({
  argv: process.argv,
  folder: currentFolder(),
  environment: process.env,
});

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
