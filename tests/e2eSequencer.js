const { readFileSync } = require('node:fs');

const Sequencer = require('@jest/test-sequencer').default;

/** Files whose stack has the scripted model come last, together: each change of the model restarts n8n. */
module.exports = class extends Sequencer {
  sort(tests) {
    const isScripted = ({ path }) => readFileSync(path, 'utf8').includes('./support/scriptedStack');
    const sorted = super.sort(tests);
    return [...sorted.filter((test) => !isScripted(test)), ...sorted.filter(isScripted)];
  }
};
