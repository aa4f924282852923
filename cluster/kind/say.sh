# shellcheck shell=bash
# What deploy.sh prints, how it stops, and what a dry run does instead of changing anything.

STAGE='' # the one that runs, named when it fails

say() { printf '%s\n' "$@"; }

# stage TITLE COMMAND...: runs it and prints how long it took.
stage() {
  local title=$1 started=$SECONDS
  shift
  STAGE=$title
  [[ $DRY_RUN == no ]] || say "$title:"
  [[ $DRY_RUN == yes || ! -t 1 ]] || printf '    … s  %s\r' "$title"
  "$@"
  STAGE=''
  [[ $DRY_RUN == yes ]] || printf '%5d s  %s\n' $((SECONDS - started)) "$title"
}

# change COMMAND...: a command that changes something. A dry run prints it instead, and drops what it would read.
change() {
  if [[ $DRY_RUN == no ]]; then
    "$@"
    return
  fi
  cat >/dev/null
  say "    $(spelt_out "$@")" >&3 # the callers silence standard output
}

# spelt_out COMMAND...: with our own functions by the names of what they call
spelt_out() {
  local command=$1
  shift
  case $command in
    k | break_glass | server_side) command=kubectl ;;
    h) command=helm ;;
    stage_package) command='npm run build, staged in' ;;
  esac
  printf '%s' "$command $*"
}

# Has a run that does not get to its end by itself, Ctrl-C included, say where it stopped.
watch_end() {
  trap on_exit EXIT
  trap 'exit 130' INT # alone, EXIT sees the code 0 after a signal
  trap 'exit 143' TERM
}

on_exit() {
  local code=$?
  [[ $code -ne 0 && -n $STAGE ]] || return 0
  # What a signal ends may have its standard error in a file.
  printf '\nStopped in: %s.\nWhat was done stays; ./deploy.sh goes on from there, ./deploy.sh --down removes it.\n' "$STAGE" >&4
}
