const { resolve } = require('node:path');
const jest = require('../../../jest.config.cjs');

/** The suites without servers of their own: StrykerJS runs those that reach a mutant. */
module.exports = {
  ...jest,
  rootDir: resolve(__dirname, '../../..'),
  // StrykerJS has one of its own.
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/{triage,cycle,contacts}/**/*.test.ts'],
  reporters: [],
};
