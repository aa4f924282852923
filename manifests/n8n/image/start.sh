#!/bin/sh
# Runs before n8n at every start: links the nodes of this image into the data volume, where n8n looks for community
# nodes, and imports the credentials and workflows at /import if they changed since the last import. If files cannot be
# mounted, IMPORT_FILES has the same files: a JSON object from their names to their texts, encoded with gzip and base64.
set -eu

PACKAGE=/opt/incident-pipeline
DATA="${N8N_USER_FOLDER:-$HOME}/.n8n"
IMPORT=/import
IMPORTED="$DATA/incident-pipeline-imported"
LAST="$DATA/incident-pipeline-workflows.json"

say() { echo "incident-pipeline: $*"; }

link_nodes() {
  mkdir -p "$DATA/nodes/node_modules"
  # If a folder of an earlier installation method exists, ln would put the link into it.
  link="$DATA/nodes/node_modules/n8n-nodes-incident-pipeline"
  [ -L "$link" ] || rm -rf "$link"
  ln -sfn "$PACKAGE" "$link"
}

# The files exist only during the import; n8n itself does not see the variable.
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

# n8n's import commands exit 0 after most errors: only their output shows success.
import_one() {
  answer="$(n8n "import:$1" --input="$2" 2>&1)" || {
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
  import_one credentials "$IMPORT/credentials.json"
  import_workflows
  # Last, so that an interrupted import runs again.
  echo "$now" >"$IMPORTED"
}

# Fails where there is none: in a database that is new, whatever was imported before.
export_workflows() {
  answer="$(n8n export:workflow --all --output="$1" 2>&1)" && return 0
  case "$answer" in
    *'No workflows found'*) return 1 ;;
  esac
  say "n8n's workflows could not be read, so that none is replaced: $answer"
  exit 1
}

# A workflow that was changed in n8n stays as a copy when a newer one replaces it.
import_workflows() {
  work="$(mktemp -d)"
  cp "$IMPORT/published" "$work/ids"
  cp "$IMPORT/workflows.json" "$work/planned"
  if [ -f "$LAST" ] && export_workflows "$work/current"; then
    if ! node "$PACKAGE/keepEdits.mjs" "$LAST" "$work/current" "$IMPORT/workflows.json" "$work/planned" >"$work/changed"; then
      say "n8n's workflows could not be read, so that none is replaced"
      exit 1
    fi
    grep -Fx -f "$work/changed" "$IMPORT/published" >"$work/ids" || true
  fi
  [ "$(cat "$work/planned")" = '[]' ] || import_one workflow "$work/planned"
  while read -r id; do
    n8n publish:workflow --id="$id" >/dev/null || {
      say "workflow $id was not published"
      exit 1
    }
  done <"$work/ids"
  cp "$IMPORT/workflows.json" "$LAST"
  rm -rf "$work"
}

# In a pod the gate is a separate container. On platforms with a single container it runs here, without n8n's
# secrets: the container ends when n8n ends, and if the gate ends, the health check fails and restarts both.
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
