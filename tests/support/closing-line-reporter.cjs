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
    for (const hint of hints) process.stdout.write(`Left out: ${hint}\n`);
    const failedToRun = results.testResults.filter((file) => file.testExecError).length;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(
      `${results.numPassedTests} passed, ${results.numFailedTests + failedToRun} failed, ${skipped} skipped\n`,
    );
  }
};
