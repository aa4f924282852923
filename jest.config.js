/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/tests/e2e/',
    '<rootDir>/tests/kind/',
    '<rootDir>/tests/pictures/',
  ],
  // etcd's own .snap files lie there, which jest would take for outdated snapshots and delete when asked to.
  modulePathIgnorePatterns: ['<rootDir>/.local/', '<rootDir>/.kind/'],
  // cluster/local is an ES module folder, whose imports carry the extension of the compiled file.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'] },
  // Only our own sources are transformed: under Node 24 jest loads ES-module packages (the Kubernetes client) natively.
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // Modules that are loaded natively outlive their test file, file after file. A worker that has grown is replaced.
  workerIdleMemoryLimit: '1GB',
  // A busy machine is slow, which says nothing about what a test holds.
  testTimeout: 30_000,
  reporters: [
    'default',
    ['<rootDir>/tests/threatModelReporter.js', { only: '^tests/(?!e2e/|editor/|kind/|deploy/)' }],
    '<rootDir>/tests/closingLineReporter.js',
  ],
};
