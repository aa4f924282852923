const unit = require('./jest.config.js');

/** A real KIND cluster that deploy.sh stands up, uses and deletes. */
/** @type {import('jest').Config} */
module.exports = {
  ...unit,
  testMatch: ['<rootDir>/tests/kind/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['default', '<rootDir>/tests/closingLineReporter.js'],
  maxWorkers: 1,
  testTimeout: 60_000,
};
