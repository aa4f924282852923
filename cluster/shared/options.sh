# shellcheck shell=bash
# What deploy.sh was asked for. All that can be refused is refused here, before anything is done.

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
