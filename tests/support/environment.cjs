const { TestEnvironment } = require('jest-environment-node');

/** Milliseconds. */
const BETWEEN_LOOKS = 500;

// A worker whose jest was killed would go on, and with it every server that it has started: nobody is left to hear of its
// tests. It looks now and then, as a listener for the end of the connection would keep it from ending by itself.
if (process.connected) {
  setInterval(() => {
    if (!process.connected) process.exit(1);
  }, BETWEEN_LOOKS).unref();
}

/** What suites leave to those that come after them in this worker. */
const keptValues = new Map();

/** Jest's environment for Node.js, in workers that end with their jest. */
module.exports = class Environment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.keptValues = keptValues;
  }
};
