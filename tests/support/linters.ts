import { programsOf } from './go-programs';

const linters = programsOf('linters', 'the linters of deploy/ and .github/');

export const lintersRequirement = linters.requirement;

/** Runs one of the linters; its findings are in the output. */
export function lint(
  name: 'kube-score' | 'actionlint',
  ...args: readonly string[]
): { readonly status: number; readonly output: string } {
  return linters.run(name, args);
}
