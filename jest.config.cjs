const { availableParallelism } = require('node:os');

module.exports = {
  testEnvironment: '<rootDir>/tests/support/environment.cjs',
  testSequencer: '<rootDir>/tests/support/sequencer.cjs',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.(ts|mjs|js)$': '<rootDir>/tests/support/esbuild-transform.cjs' },
  transformIgnorePatterns: [
    '/node_modules/(?!(ky|uuid|leven|string-width|strip-ansi|ansi-regex|get-east-asian-width)/)',
  ],
  reporters: ['default', '<rootDir>/tests/support/closing-line-reporter.cjs'],
  // Suites with servers wait more than they work. A number: jest takes 200 % for 200 workers.
  maxWorkers: 2 * availableParallelism(),
  testTimeout: 30_000,
};
