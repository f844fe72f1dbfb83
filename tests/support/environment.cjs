const { TestEnvironment } = require('jest-environment-node');
const vm = require('node:vm');

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

/**
 * Jest's environment for Node.js, in workers that end with their jest, and with a global object as V8 makes it. Jest's own
 * asks a proxy for each `Map` or `Math` that any code under test names, which takes as long as what is done with it.
 */
module.exports = class Environment extends TestEnvironment {
  constructor(...args) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants?.DONT_CONTEXTIFY);
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }

  async setup() {
    await super.setup();
    this.global.keptValues = keptValues;
  }
};
