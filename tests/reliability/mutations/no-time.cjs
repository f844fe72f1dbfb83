/** Stands for tests/support/time-ratio.ts where mutants are judged. */
module.exports = { timeRatio: () => 1 };
