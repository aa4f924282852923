const { readFileSync } = require('node:fs');

const Sequencer = require('@jest/test-sequencer').default;

/**
 * Files whose stack has the scripted model come last, together: each change of the model restarts n8n. Those whose n8n runs
 * in queue mode come after all others, since that is another n8n with a database of its own.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const text = readFileSync(path, 'utf8');
      return text.includes("'--scaled'") ? 2 : text.includes('./support/scriptedStack') ? 1 : 0;
    };
    const sorted = super.sort(tests);
    return [0, 1, 2].flatMap((wanted) => sorted.filter((test) => rank(test) === wanted));
  }
};
