const { rm } = require('node:fs/promises');

const { dest, src } = require('gulp');

/** A file that was renamed must not live on in the package. */
function clean() {
  return rm('dist', { recursive: true, force: true });
}

/** Icons and codex files go where the compiled nodes look for them: beside the node, under dist/. */
function assets() {
  return src(['nodes/**/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(dest('dist'));
}

exports.clean = clean;
exports.default = assets;
