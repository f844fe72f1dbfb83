/** A server or program that some suites need and that not every machine has. */
export interface Requirement {
  readonly name: string;
  /** The command that installs it, as a person would type it in the project's folder. */
  readonly install: string;
  /** Says what is missing, or undefined when everything is there. */
  readonly missing: () => string | undefined;
}

/**
 * A `describe` for tests that need `requirement`.
 *
 * Without it the suite is left out, and its title says how to install what is missing, which is where the
 * closing lines of the run come from. Under `CI=true` it is a failing test instead: a pipeline that quietly
 * leaves out its real servers proves nothing.
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
        throw new Error(`${missing}; install: ${requirement.install}`);
      });
    });
    return;
  }
  describe.skip(`${title} [left out: ${requirement.name} is missing; install: ${requirement.install}]`, body);
}
