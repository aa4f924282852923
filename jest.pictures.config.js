const e2e = require('./jest.e2e.config.js');

/** Draws the pictures of the docs from the embedded stack's real n8n: `npm run docs:pictures`. */
/** @type {import('jest').Config} */
module.exports = { ...e2e, testMatch: ['<rootDir>/tests/pictures/*.test.ts'], reporters: ['default'] };
