const { dest, src } = require('gulp');

/** Icons and codex files go where the compiled nodes look for them: beside the node, under dist/. */
function assets() {
  return src(['nodes/**/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(dest('dist'));
}

exports.default = assets;
