import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Requirement } from './requirement';

export const lintersRequirement: Requirement = {
  name: 'the linters of deploy/ and .github/',
  install: 'tests/support/linters/build.sh',
  missing() {
    try {
      listed();
      return undefined;
    } catch (error) {
      return `no ${String((error as { readonly stderr?: unknown }).stderr)
        .trim()
        .replaceAll(' ', ', no ')}`;
    }
  },
};

/** Runs one of the linters; its findings are in the output. */
export function lint(
  name: 'kube-score' | 'actionlint',
  ...args: readonly string[]
): { status: number; output: string } {
  const program = /^(.+) (.+)$/gm;
  const found = [...listed().matchAll(program)].find(([, candidate]) => candidate === name);
  const { status, stdout, stderr } = spawnSync(found?.[2] ?? name, args, { encoding: 'utf8' });
  return { status: status ?? -1, output: `${stdout}${stderr}` };
}

function listed(): string {
  const script = join(__dirname, 'linters', 'build.sh');
  return execFileSync('bash', [script, '--list'], { encoding: 'utf8', stdio: 'pipe' });
}
