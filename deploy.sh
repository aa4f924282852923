#!/usr/bin/env bash
# Starts the incident pipeline. This script only ensures that Node and the dependencies are installed; cluster/kind or
# cluster/local does the work.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT
for part in usage options node; do
  # shellcheck source=/dev/null
  source "$ROOT/cluster/shared/$part.sh"
done

# Whether --doctor's checks also name what is good.
VERBOSE=no

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
