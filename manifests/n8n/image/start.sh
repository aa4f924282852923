#!/bin/sh
# Runs before n8n at every start: links the nodes of this image into the data volume, where n8n looks for community
# nodes, and imports credentials and workflows when those mounted at /import are others than the last time. Where nothing
# can be mounted the same files come in IMPORT_FILES: a JSON object from their names to their texts, by gzip and base64.
set -eu

PACKAGE=/opt/incident-pipeline
DATA="${N8N_USER_FOLDER:-$HOME}/.n8n"
IMPORT=/import
IMPORTED="$DATA/incident-pipeline-imported"

say() { echo "incident-pipeline: $*"; }

link_nodes() {
  mkdir -p "$DATA/nodes/node_modules"
  # A folder of an earlier way to install would make ln put the link into it.
  link="$DATA/nodes/node_modules/n8n-nodes-incident-pipeline"
  [ -L "$link" ] || rm -rf "$link"
  ln -sfn "$PACKAGE" "$link"
}

# For as long as it takes to import them; n8n itself does not see the variable.
files_from_environment() {
  [ -n "${IMPORT_FILES:-}" ] || return 0
  IMPORT="$(mktemp -d)"
  trap 'rm -rf "$IMPORT"' EXIT
  IMPORT="$IMPORT" node -e '
    const files = JSON.parse(zlib.gunzipSync(Buffer.from(process.env.IMPORT_FILES, "base64")));
    for (const name in files) fs.writeFileSync(path.join(process.env.IMPORT, name), files[name]);
  '
  unset IMPORT_FILES
}

remove_files() {
  [ "$IMPORT" = /import ] || rm -rf "$IMPORT"
}

# n8n's import commands end well after most errors: only what they say counts.
import_one() {
  answer="$(n8n "import:$1" --input="$IMPORT/$2" 2>&1)" || {
    say "n8n import:$1 failed: $answer"
    exit 1
  }
  case "$answer" in
    *'Successfully imported'*) ;;
    *)
      say "n8n did not import its $1: $answer"
      exit 1
      ;;
  esac
}

import_all() {
  [ -d "$IMPORT" ] || return 0
  now="$(cat "$IMPORT"/credentials.json "$IMPORT"/workflows.json | sha256sum)"
  [ "$(cat "$IMPORTED" 2>/dev/null || true)" != "$now" ] || return 0
  say 'importing credentials and workflows'
  import_one credentials credentials.json
  import_one workflow workflows.json
  while read -r id; do
    n8n publish:workflow --id="$id" >/dev/null || {
      say "workflow $id was not published"
      exit 1
    }
  done <"$IMPORT/published"
  # Last, so that what was cut short is done again.
  echo "$now" >"$IMPORTED"
}

# In a pod the gate is a container beside this one. Where there is one container only it runs in here, without n8n's
# secrets: n8n's end is the container's, and a gate that has ended fails the health check, which starts both again.
start_gate() {
  [ "${GATE:-beside}" = inside ] || return 0
  env -i PATH="$PATH" NODE_OPTIONS=--max-old-space-size=64 GATE_BEHIND_PROXY="${GATE_BEHIND_PROXY:-false}" \
    node "$PACKAGE/dist/gate/main.js" &
}

link_nodes
files_from_environment
import_all
remove_files
start_gate
exec /docker-entrypoint.sh "$@"
