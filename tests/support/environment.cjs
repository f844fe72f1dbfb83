const { TestEnvironment } = require('jest-environment-node');

// A worker whose jest was killed would go on, and with it every server that it has started: nobody is left to hear of its
// tests. Here, as the tests have a `process` of their own that hears nothing of it.
process.once('disconnect', () => process.exit(1));

/** Jest's environment for Node.js, in workers that end with their jest. */
module.exports = TestEnvironment;
