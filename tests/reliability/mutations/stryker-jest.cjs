const { resolve } = require('node:path');
const jest = require('../../../jest.config.cjs');

/** The folders of `src` whose suites judge the mutants: with MAILROOM_MUTANTS=triage these alone, which saves most of the time. */
const FOLDERS = (process.env.MAILROOM_MUTANTS ?? 'triage,cycle,contacts').split(',');

/** The suites without servers of their own: StrykerJS runs those that reach a mutant. */
module.exports = {
  ...jest,
  rootDir: resolve(__dirname, '../../..'),
  // StrykerJS puts its own around it, and looks for it by its name alone.
  testEnvironment: 'node',
  // By what the files in here import of each other, jest knows which suites a mutant concerns.
  roots: FOLDERS.flatMap((folder) => [`<rootDir>/src/${folder}`, `<rootDir>/tests/${folder}`]),
  testMatch: FOLDERS.map((folder) => `<rootDir>/tests/${folder}/**/*.test.ts`),
  // Accounts made up by chance take seconds for each mutant, and measuring times is no use on a busy machine.
  testPathIgnorePatterns: ['/replan.test'],
  moduleNameMapper: { '/support/time-ratio$': resolve(__dirname, 'no-time.cjs') },
  reporters: [],
};
