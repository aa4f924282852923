#!/usr/bin/env bash
# Starts the incident pipeline. This script only ensures that Node and the dependencies are installed; cluster/kind or
# cluster/local does the work.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT
readonly NODE_TO_INSTALL=20 # npm runs on it and installs the pinned Node for everything else
readonly NODE_TO_RUN=24

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [--node-image IMAGE] [--charts-dir DIR] [--without NAME,…] [--dry-run]
       ./deploy.sh --doctor | --status | --self-test | --down
       ./deploy.sh --local [--scaled [--workers N]] [--from-source]
                           [--alert NAME | --scenario NAME [--without-custom-fields] | --status | --doctor |
                            --down [--purge]]

Without options it installs the whole system in a KIND cluster, or continues where it stopped,
verifies that it works, and prints all addresses. It needs docker, kind, kubectl and helm.

  --doctor            check this machine and report what is missing; changes nothing
  --dry-run           print each command that would change something; changes nothing
  --status            the memory of each namespace, pods that are not ready, the results of the last proof
  --self-test         repeat the proof: rights, a synthetic alert, what a quarantine cuts off
  --down              delete the cluster and everything in it
  --node-image IMAGE  KIND's node image, if the pinned one cannot be pulled
  --charts-dir DIR    read the Helm charts from a folder (NAME-VERSION.tgz or NAME/)
  --without NAME,…    leave components out: kube-prometheus-stack, alloy, falco

  --local         the embedded stack on this machine: n8n with the workflow, a Kubernetes control
                  plane, Loki, Prometheus and a Pushgateway. No Docker, no cloud account.
                  Alone it starts every stopped component and returns when all are healthy.
  --scaled        n8n in queue mode: main process, webhook processors and workers, with PostgreSQL and
                  Redis (redis-server or valkey-server of PATH). It stays so until --down.
  --workers N     how many workers, 1 to 9; two if not set
  --from-source   build the servers from source, even where their official releases could be downloaded
  --alert NAME    start stopped components, send an alert, follow it to its end.
                  NAME: pod-delete-test, pod-quarantine-test, escalate-test or test-shell
  --scenario NAME start stopped components, with simulators of PagerDuty and Pulumi Neo, and follow
                  a detector's report from PagerDuty to Neo's pull request or findings. Where Neo asks
                  for an approval, the command gives it in place of a person.
                  NAME: shell-in-pod, critical-cve, privileged-pod or resource-exhaustion
  --without-custom-fields  with --scenario: the report does not say where the code is
  --status        show each component and its health, n8n's login, and the page for approvals, on one screen
  --doctor        check this machine for what the embedded stack needs; changes nothing
  --down          stop everything; with --purge remove its data too

Exit codes:
  0    done; with --status: all is well
  1    something failed or is not well; it is named, with what to do
  2    refused before anything was changed: the command line, or what this machine lacks
  130  stopped by Ctrl-C; the same command continues (143: stopped by SIGTERM)

Decisions come from a playbook, or from any OpenAI-compatible model:
  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL
USAGE
}

# fail MESSAGE...: what happened, and what to do. In a stage something has begun; otherwise the command was refused.
fail() {
  printf '%s\n' "$@" >&2
  [[ -z ${STAGE:-} ]] || exit 1
  exit 2
}

LOCAL=no
ACTION=up
ALERT=''
SCENARIO=''
CUSTOM_FIELDS=yes
SCALED=no
FROM_SOURCE=no
WORKERS=''
PURGE=no
NODE_IMAGE=''
CHARTS_DIR=''
WITHOUT=''
DRY_RUN=no
VERBOSE=no

# value OPTION REMAINING VALUE: prints the value that must follow the option
value() {
  (($2 > 1)) && [[ -n $3 && $3 != --* ]] || fail "$1 needs a value." "$(usage)"
  printf '%s' "$3"
}

# act ACTION: sets the action; only one is allowed
act() {
  [[ $ACTION == up || $ACTION == "$1" ]] || fail "--$ACTION and --$1 do not go together: run one after the other." "$(usage)"
  ACTION=$1
}

parse() {
  while (($# > 0)); do
    case "$1" in
      --local) LOCAL=yes ;;
      --alert)
        act alert
        ALERT="$(value "$1" $# "${2:-}")"
        shift
        ;;
      --scenario)
        act scenario
        SCENARIO="$(value "$1" $# "${2:-}")"
        shift
        ;;
      --without-custom-fields) CUSTOM_FIELDS=no ;;
      --scaled) SCALED=yes ;;
      --from-source) FROM_SOURCE=yes ;;
      --workers)
        WORKERS="$(value "$1" $# "${2:-}")"
        shift
        ;;
      --status | --doctor | --self-test | --down) act "${1#--}" ;;
      --purge) PURGE=yes ;;
      --dry-run) DRY_RUN=yes ;;
      --node-image)
        NODE_IMAGE="$(value "$1" $# "${2:-}")"
        shift
        ;;
      --charts-dir)
        CHARTS_DIR="$(value "$1" $# "${2:-}")"
        shift
        ;;
      --without)
        WITHOUT="$(value "$1" $# "${2:-}")"
        shift
        ;;
      -h | --help)
        usage
        exit
        ;;
      *) fail "Unknown option: $1" "$(usage)" ;;
    esac
    shift
  done
  check_combination
}

check_combination() {
  local given=$NODE_IMAGE$CHARTS_DIR$WITHOUT
  [[ $CUSTOM_FIELDS == yes || $ACTION == scenario ]] || fail "--without-custom-fields goes with --scenario." "$(usage)"
  [[ -z $WORKERS || $SCALED == yes ]] || fail "--workers goes with --scaled." "$(usage)"
  [[ -z $WORKERS || $WORKERS =~ ^[1-9]$ ]] || fail "--workers needs a number from 1 to 9, not $WORKERS." "$(usage)"
  if [[ $LOCAL == yes ]]; then
    [[ -z $given && $DRY_RUN == no && $ACTION != self-test ]] ||
      fail "--local takes --scaled, --workers, --from-source, --alert, --scenario, --without-custom-fields, --status, --doctor, --down and --purge only." "$(usage)"
    # --status and --down take the stack as it is.
    [[ $SCALED == no || $ACTION != status && $ACTION != down ]] || fail "--scaled does not go with --$ACTION." "$(usage)"
    [[ $FROM_SOURCE == no || $ACTION != status && $ACTION != down ]] || fail "--from-source does not go with --$ACTION." "$(usage)"
  else
    [[ $SCALED == no ]] || fail "--scaled goes with --local." "$(usage)"
    [[ $FROM_SOURCE == no ]] || fail "--from-source goes with --local." "$(usage)"
    [[ $ACTION != alert && $ACTION != scenario && $PURGE == no ]] ||
      fail "--alert, --scenario and --purge go with --local." "$(usage)"
    [[ $DRY_RUN == no || $ACTION == up || $ACTION == down ]] || fail "--dry-run goes alone or with --down." "$(usage)"
    [[ -z $CHARTS_DIR || -d $CHARTS_DIR ]] || fail "--charts-dir: there is no folder $CHARTS_DIR."
    # shellcheck source=/dev/null # whose list check_without reads
    source "$ROOT/cluster/kind/versions.sh"
    check_without
  fi
  check_name alert "$ALERT" .json
  check_name scenario "$SCENARIO" /with-context.json
  check_model_variables
}

# check_name KIND NAME END: each alert and each scenario is recorded in its folder of cluster/local; its path ends so
check_name() {
  local file name names=''
  [[ -n $2 ]] || return 0
  for file in "$ROOT/cluster/local/$1s/"*"$3"; do
    name="${file#"$ROOT/cluster/local/$1s/"}"
    name="${name%"$3"}"
    [[ $name != "$2" ]] || return 0
    names="$names, $name"
  done
  fail "There is no $1 named $2." "Choose one of: ${names#, }" 'Nothing was changed.'
}

check_without() {
  local name
  for name in ${WITHOUT//,/ }; do
    [[ " ${OPTIONAL[*]} " == *" $name "* ]] || fail "--without: there is no part $name." "Known are: ${OPTIONAL[*]}"
  done
}

readonly MODEL_PROBLEM='OPENAI_API_KEY or OPENAI_BASE_URL is set, OPENAI_MODEL is not.'
readonly MODEL_REMEDY="Set OPENAI_MODEL to one of the endpoint's models, or unset the other variables to use the playbook."

half_a_model() { [[ -n ${OPENAI_API_KEY:-}${OPENAI_BASE_URL:-} && -z ${OPENAI_MODEL:-} ]]; }

# Only a start reads the model's variables.
check_model_variables() {
  [[ $ACTION == up || $ACTION == alert || $ACTION == scenario ]] || return 0
  ! half_a_model || fail "$MODEL_PROBLEM" "$MODEL_REMEDY" 'Nothing was changed.'
}

node_major() {
  local version
  version="$("$1" --version 2>/dev/null)" || version=v0
  version="${version#v}"
  printf '%s' "${version%%.*}"
}

check_node() {
  local found
  if ! command -v node >/dev/null; then
    fail "node $NODE_TO_INSTALL or newer is missing." "Install it from your system's packages or from nodejs.org, then run this again."
  fi
  if (($(node_major node) < NODE_TO_INSTALL)); then
    found="$(node --version 2>/dev/null)" || found='of unknown version'
    fail "node is $found ($(command -v node)); $NODE_TO_INSTALL or newer is needed." \
      "Install it from your system's packages or from nodejs.org, put it first in PATH, then run this again. Nothing was installed."
  fi
  command -v npm >/dev/null ||
    fail "npm is missing." "It comes with Node.js; on Debian: apt-get install npm. Then run this again."
}

install_dependencies() {
  local installed="$ROOT/node_modules/.package-lock.json"
  [[ -e $installed && ! $ROOT/package-lock.json -nt $installed ]] && return
  local since=$SECONDS
  echo "Installing the project's dependencies into node_modules, about a minute …"
  npm ci --prefix "$ROOT" --ignore-scripts || {
    printf '%s\n' '' "npm could not install the project's dependencies; its reason is above." \
      "Check the network to the npm registry (npm ping; behind a proxy: HTTPS_PROXY, or npm config set proxy) and the free disk space (1 GB), then run the same command again." >&2
    exit 1
  }
  echo "The project's dependencies took $((SECONDS - since)) s."
}

# The pinned Node is a package for Linux on x64; on other systems the user's own Node is used.
use_pinned_node() {
  PATH="$ROOT/node_modules/.bin:$PATH"
  (($(node_major node) >= NODE_TO_RUN)) ||
    fail "node is $(node --version); this system needs Node $NODE_TO_RUN or newer of its own." "Install it, then run this again."
}

run_local() {
  local arguments=("$ACTION")
  [[ $ACTION != alert ]] || arguments+=("$ALERT")
  [[ $ACTION != scenario ]] || arguments+=("$SCENARIO")
  [[ $CUSTOM_FIELDS == yes ]] || arguments+=(--without-custom-fields)
  [[ $PURGE == no ]] || arguments+=(--purge)
  [[ $SCALED == no ]] || arguments+=(--scaled)
  [[ $FROM_SOURCE == no ]] || arguments+=(--from-source)
  [[ -z $WORKERS ]] || arguments+=(--workers "$WORKERS")
  exec tsx "$ROOT/cluster/local/cli.ts" "${arguments[@]}"
}

# Whether there may be something to show, to stop or to remove; what does that needs what npm installs.
has_started() {
  # shellcheck source=/dev/null
  source "$ROOT/cluster/local/databases.sh"
  [[ -d $ROOT/node_modules || -d $ROOT/.local || $PURGE == yes && -d "$(own_database)" ]]
}

# What a clone that has started nothing has to show or to stop.
say_nothing_runs() {
  printf '%s\n' 'Nothing runs here: this clone has not started anything yet.' 'Start it: ./deploy.sh --local'
  [[ $ACTION == down ]] || exit 1
}

# Runs before anything is installed, so it does not use the stack's own program.
doctor_local() {
  local part
  # shellcheck disable=SC2034 # read in doctor.sh
  VERBOSE=yes
  for part in kind/say kind/doctor local/databases local/doctor; do
    # shellcheck source=/dev/null
    source "$ROOT/cluster/$part.sh"
  done
  local_doctor
}

run_kind() {
  local part
  # 3 and 4 are for messages from functions whose own output is silenced. Standard input is closed: a dry run must not wait
  # for input.
  exec 3>&1 4>&2 </dev/null
  for part in say wait doctor cluster charts image install n8n proof probe status up; do
    # shellcheck source=/dev/null
    source "$ROOT/cluster/kind/$part.sh"
  done
  is_installing || require_tools
  case $ACTION in
    up) up ;;
    doctor)
      # shellcheck disable=SC2034 # read in doctor.sh
      VERBOSE=yes
      check_machine
      say 'This machine has all that is needed.'
      ;;
    status) status ;;
    self-test)
      watch_end
      need_cluster
      prove
      ;;
    down) delete_cluster ;;
  esac
}

main() {
  parse "$@"
  if [[ $LOCAL == yes && $ACTION == doctor ]]; then
    doctor_local
    return
  fi
  if [[ $LOCAL == yes && ($ACTION == status || $ACTION == down) ]] && ! has_started; then
    say_nothing_runs
    return
  fi
  # doctor and down run no code of ours, and must not wait for an installation.
  if [[ $LOCAL == yes || $ACTION != doctor && $ACTION != down ]]; then
    check_node
    install_dependencies
    use_pinned_node
  fi
  if [[ $LOCAL == yes ]]; then run_local; else run_kind; fi
}

main "$@"
