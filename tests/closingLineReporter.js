/** Ends a run with one line that any continuous integration can read: 'N passed, N failed'. */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    // A suite that could not even be loaded counts as a failure.
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    const line = `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}`;
    // Last of all: jest's own summary and the stack's teardown come after this call.
    process.once('exit', () => console.log(line));
  }
};
