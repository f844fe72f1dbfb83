const { writeSync } = require('node:fs');

/** Prints, last of all, which suites were left out and why, and `N passed, N failed, N skipped`. */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const hints = new Set();
    for (const file of results.testResults)
      for (const test of file.testResults)
        for (const title of test.ancestorTitles) {
          const hint = /\[left out: (.+)\]$/.exec(title);
          if (hint && test.status === 'pending') hints.add(hint[1]);
        }
    const failedToRun = results.testResults.filter((file) => file.testExecError).length;
    const skipped = results.numPendingTests + results.numTodoTests;
    const lines = [
      ...[...hints].map((hint) => `Left out: ${hint}`),
      `${results.numPassedTests} passed, ${results.numFailedTests + failedToRun} failed, ${skipped} skipped`,
    ];
    // Jest's own summary comes after all reporters.
    process.on('exit', () => writeSync(1, `${lines.join('\n')}\n`));
  }
};
