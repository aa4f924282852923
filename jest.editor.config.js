const unit = require('./jest.config.js');

/** n8n's editor in a real browser, on the embedded stack. Minutes for each workflow, so that it is a run of its own. */
/** @type {import('jest').Config} */
module.exports = {
  ...unit,
  testMatch: ['<rootDir>/tests/editor/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default', '<rootDir>/tests/closingLineReporter.js'],
  globalTeardown: '<rootDir>/tests/e2e/support/down.js',
  maxWorkers: 1,
  testTimeout: 60_000,
};
