/** A server or program that some suites need and that not every machine has. */
export interface Requirement {
  readonly name: string;
  /** The command that helps, as a person would type it in the project's folder. */
  readonly install: string;
  /** Says in a sentence what is missing, or undefined when everything is there. */
  readonly missing: () => string | undefined;
}

/**
 * A requirement that only root can run.
 *
 * @param missing what has to be installed first, in a sentence.
 */
export function rootRequirement(
  name: string,
  missing: string | undefined,
  install: string,
  isRoot = process.getuid?.() === 0,
): Requirement {
  return {
    name,
    install: missing === undefined ? 'sudo npm test' : install,
    missing: () => missing ?? (isRoot ? undefined : `${name} runs as root only`),
  };
}

/**
 * A `describe` for tests that need `requirement`.
 *
 * Without it the suite is left out, and its title says why and what helps, which is where the closing lines of the run
 * come from. Under `CI=true` it is a failing test instead: a pipeline that quietly leaves out its real servers proves
 * nothing.
 */
export function describeWith(requirement: Requirement, title: string, body: () => void): void {
  const missing = requirement.missing();
  if (missing === undefined) {
    describe(title, body);
    return;
  }
  if (process.env.CI === 'true') {
    describe(title, () => {
      it(`has ${requirement.name}`, () => {
        throw new Error(`${missing}; run: ${requirement.install}`);
      });
    });
    return;
  }
  describe.skip(`${title} [left out: ${missing}; run: ${requirement.install}]`, body);
}
