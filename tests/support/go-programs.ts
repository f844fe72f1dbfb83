import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Requirement } from './requirement';

export interface GoPrograms {
  readonly requirement: Requirement;
  /** Where one of them is. */
  path(name: string): string;
  /** Runs one of them to its end, in the folder where one is given. */
  run(name: string, args: readonly string[], cwd?: string): { readonly status: number; readonly output: string };
}

/** The programs that `FOLDER/build.sh` here makes sure of. */
export function programsOf(folder: string, name: string): GoPrograms {
  const script = join(__dirname, folder, 'build.sh');
  let known: string | undefined;
  const listed = (): string => {
    known ??= execFileSync('bash', [script, '--list'], { encoding: 'utf8', stdio: 'pipe' });
    return known;
  };
  const path = (program: string): string =>
    listed()
      .split('\n')
      .map((line) => line.split(/ (.*)/))
      .find(([found]) => found === program)?.[1] ?? program;
  return {
    path,
    requirement: {
      name,
      install: `tests/support/${folder}/build.sh`,
      missing() {
        try {
          listed();
          return undefined;
        } catch (error) {
          return `There is no ${String((error as { readonly stderr?: unknown }).stderr)
            .trim()
            .replaceAll(' ', ', no ')}`;
        }
      },
    },
    run(program, args, cwd) {
      const { status, stdout, stderr } = spawnSync(path(program), args, { encoding: 'utf8', cwd });
      return { status: status ?? -1, output: `${stdout}${stderr}` };
    },
  };
}
