const { relative } = require('node:path');

const { missingTests, threatModelRows } = require('./support/threatModel.ts');

/**
 * Fails a whole run in which a test that docs/threat-model.md names did not run or did not pass. A run of chosen tests
 * or files is not judged.
 */
module.exports = class ThreatModelReporter {
  /** @param {{ only: string }} options `only`: a regular expression of the files that a whole run executes. */
  constructor(globalConfig, { only }) {
    this.config = globalConfig;
    this.only = new RegExp(only);
    this.problems = [];
  }

  onRunComplete(_contexts, { testResults }) {
    const { nonFlagArgs, testNamePattern, onlyChanged, onlyFailures, findRelatedTests, shard, rootDir } = this.config;
    if (nonFlagArgs?.length || testNamePattern || onlyChanged || onlyFailures || findRelatedTests || shard) return;
    const executed = testResults.flatMap(({ testFilePath, testResults: tests }) =>
      tests.map(({ fullName, status }) => ({ file: relative(rootDir, testFilePath), title: fullName, status })),
    );
    this.problems = missingTests(threatModelRows(rootDir), executed, this.only);
  }

  /** Jest prints it and ends with an exit code other than 0. */
  getLastError() {
    if (this.problems.length > 0) return new Error(this.problems.join('\n'));
  }
};
