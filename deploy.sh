#!/usr/bin/env bash
# Brings up the incident pipeline. Thin: it makes sure of Node and the dependencies, then cluster/local does the work.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT
readonly NODE_TO_INSTALL=20 # npm runs on it and brings the pinned Node for all else
readonly NODE_TO_RUN=24

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh --local [--alert NAME | --status | --down [--purge] | --help]

  --local         the embedded stack on this machine: n8n with the workflow, a Kubernetes control
                  plane, Loki, Prometheus and a Pushgateway. No Docker, no cloud account.
                  Alone it starts whatever does not run and returns when all is healthy.
  --alert NAME    start what does not run, send an alert, follow it to its end.
                  NAME: pod-delete-test, pod-quarantine-test, escalate-test or test-shell
  --status        show each component and its health
  --down          stop everything; with --purge remove its data too

Decisions come from a playbook, or from any OpenAI-compatible model:
  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL
USAGE
}

fail() {
  printf '%s\n' "$@" >&2
  exit 2
}

# The command for cluster/local/cli.ts.
COMMAND=(up)

parse() {
  local local_stack=no
  while (($# > 0)); do
    case "$1" in
      --local) local_stack=yes ;;
      --alert)
        (($# > 1)) || fail "--alert needs a name." "$(usage)"
        COMMAND=(alert "$2")
        shift
        ;;
      --status) COMMAND=(status) ;;
      --down) COMMAND=(down) ;;
      --purge) COMMAND+=(--purge) ;;
      -h | --help)
        usage
        exit
        ;;
      *) fail "Unknown option: $1" "$(usage)" ;;
    esac
    shift
  done
  [[ $local_stack == yes ]] || fail "Only --local exists so far." "$(usage)"
}

node_major() {
  local version
  version="$("$1" --version 2>/dev/null)" || version=v0
  version="${version#v}"
  printf '%s' "${version%%.*}"
}

check_tools() {
  (($(node_major node) >= NODE_TO_INSTALL)) ||
    fail "node $NODE_TO_INSTALL or newer is missing." "Install it from your system's packages or from nodejs.org, then run this again."
  command -v npm >/dev/null ||
    fail "npm is missing." "It comes with Node.js; on Debian: apt-get install npm. Then run this again."
}

install_dependencies() {
  local installed="$ROOT/node_modules/.package-lock.json"
  [[ -e $installed && ! $ROOT/package-lock.json -nt $installed ]] && return
  echo "Installing the project's dependencies …"
  npm ci --prefix "$ROOT" --ignore-scripts
}

# The pinned Node is a package, for Linux on x64; elsewhere the user's own has to do.
use_pinned_node() {
  PATH="$ROOT/node_modules/.bin:$PATH"
  (($(node_major node) >= NODE_TO_RUN)) ||
    fail "node is $(node --version); this system needs Node $NODE_TO_RUN or newer of its own." "Install it, then run this again."
}

main() {
  parse "$@"
  check_tools
  install_dependencies
  use_pinned_node
  exec tsx "$ROOT/cluster/local/cli.ts" "${COMMAND[@]}"
}

main "$@"
