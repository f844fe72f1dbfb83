const { default: Sequencer } = require('@jest/test-sequencer');

/** Folders whose suites take long: first those that mostly wait, and beside them those that mostly compute. */
const LONG = ['cluster', 'reliability', 'system', 'image', 'contract', 'docs'];

/** Long suites first, so that no core has nothing to do at the end. Among them the order is jest's own. */
module.exports = class LongSuitesFirst extends Sequencer {
  sort(tests) {
    const isIn = (folder) => (test) => test.path.includes(`/tests/${folder}/`);
    const sorted = super.sort(tests);
    return [
      ...LONG.flatMap((folder) => sorted.filter(isIn(folder))),
      ...sorted.filter((test) => !LONG.some((folder) => isIn(folder)(test))),
    ];
  }
};
