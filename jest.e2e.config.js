const unit = require('./jest.config.js');

/** The embedded stack with a real n8n, API server, Loki, Prometheus and Pushgateway: one test file after the other. */
/** @type {import('jest').Config} */
module.exports = {
  ...unit,
  testMatch: ['<rootDir>/tests/e2e/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testSequencer: '<rootDir>/tests/e2eSequencer.js',
  globalTeardown: '<rootDir>/tests/e2e/support/down.js',
  reporters: [
    'default',
    ['<rootDir>/tests/threatModelReporter.js', { only: '^tests/e2e/' }],
    '<rootDir>/tests/closingLineReporter.js',
  ],
  maxWorkers: 1,
  // The first start of the stack builds its servers.
  testTimeout: 60_000,
};
