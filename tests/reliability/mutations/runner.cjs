const { loadSuites, runSuites } = require('./suites.cjs');

/** Folders whose suites judge the mutants: each by the tests that reach it. */
const FOLDERS = (process.env.MAILROOM_MUTANTS ?? 'triage,cycle,contacts').split(',').map((name) => `tests/${name}`);

/** Time of the processor that a test may take to judge mutants by. Accounts made up by chance take seconds. */
const MOST_MS = 1_000;

/** What StrykerJS's changed sources look at: which mutant is on, and what they count. */
const shared = {};
globalThis.__stryker__ = shared;

/**
 * A test runner for StrykerJS that keeps modules from one mutant to the next and stops at the first test that fails.
 * Its own one for jest does neither, which costs seconds for each of thousands of mutants.
 */
class InProcessRunner {
  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    this.suites = loadSuites(FOLDERS);
    const tests = [];
    await runSuites(this.suites, {
      isWanted: () => true,
      onTest: (id) => {
        shared.currentTestId = id;
      },
      onResult: (test, error) => {
        tests.push(resultOf(test, error));
        if (test.processorMs > MOST_MS) delete shared.mutantCoverage?.perTest[test.id];
        return false;
      },
    });
    return { status: 'complete', tests, mutantCoverage: shared.mutantCoverage };
  }

  async mutantRun({ activeMutant: { id }, mutantActivation, reloadEnvironment, testFilter, hitLimit }) {
    shared.activeMutant = mutantActivation === 'static' ? id : undefined;
    if (reloadEnvironment || this.suites === undefined) this.suites = loadSuites(FOLDERS);
    Object.assign(shared, { activeMutant: id, hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
    let nrOfTests = 0;
    let killed;
    const wanted = testFilter && new Set(testFilter);
    await runSuites(this.suites, {
      isWanted: (test) => wanted?.has(test) ?? true,
      onTest: () => undefined,
      onResult: (test, error) => {
        nrOfTests++;
        if (error !== undefined) killed = { killedBy: [test.id], failureMessage: String(error.message ?? error) };
        return error !== undefined;
      },
    });
    shared.activeMutant = undefined;
    if (shared.hitCount > hitLimit) return { status: 'timeout', reason: 'reached too often' };
    return killed === undefined ? { status: 'survived', nrOfTests } : { status: 'killed', nrOfTests, ...killed };
  }
}

function resultOf({ id, name, file, ms }, error) {
  const result = { id, name, timeSpentMs: ms, fileName: file };
  return error === undefined ? { ...result, status: 0 } : { ...result, status: 1, failureMessage: String(error.stack) };
}

exports.strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }];
