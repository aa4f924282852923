const { relative } = require('node:path');

const { missingTests, threatModelRows } = require('./support/threatModel.ts');

/**
 * Fails a run in which a test that docs/threat-model.md names did not run or did not pass. A run of chosen files is judged by
 * what is named in these, one of chosen tests not at all.
 */
module.exports = class ThreatModelReporter {
  /** @param {{ only: string }} options `only`: a regular expression of the files that a whole run executes. */
  constructor(globalConfig, { only }) {
    this.config = globalConfig;
    this.only = new RegExp(only);
  }

  onRunComplete(_contexts, results) {
    const { nonFlagArgs, testNamePattern, onlyChanged, onlyFailures, findRelatedTests, shard, rootDir } = this.config;
    if (testNamePattern || onlyFailures || results.wasInterrupted) return;
    const executed = results.testResults.flatMap(({ testFilePath, testResults: tests }) =>
      tests.map(({ fullName, status }) => ({ file: relative(rootDir, testFilePath), title: fullName, status })),
    );
    const isWhole = !nonFlagArgs?.length && !onlyChanged && !findRelatedTests && !shard;
    const isJudged = (file) => this.only.test(file) && (isWhole || executed.some((test) => test.file === file));
    const problems = missingTests(threatModelRows(rootDir), executed, isJudged);
    for (const problem of problems) console.error(problem);
    // Jest ends with an error code without a word when only a reporter has an error; a failed test is in the closing line, too.
    results.numFailedTests += problems.length;
  }
};
