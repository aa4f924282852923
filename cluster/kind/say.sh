# shellcheck shell=bash
# Output of deploy.sh, how it stops, and how a dry run prints commands instead of running them.

STAGE=''     # the current stage, printed if it fails
STAGES=0     # how many have begun
STAGES_OF='' # of how many, where that is known

# log_line TEXT: adds it to the log of the runs, in which no secret may be: titles and times only
log_line() {
  local folder=$ROOT/.kind
  [[ $DRY_RUN == no && -d $folder ]] || return 0
  # A log that cannot be written, as on a full disk, stops nothing.
  (umask 077 && printf '%s  %s\n' "$(date -u +%FT%TZ)" "$1" >>"$folder/deploy.log") 2>/dev/null || true
}

say() { printf '%s\n' "$@"; }

# stage TITLE COMMAND...: runs it and prints how long it took.
stage() {
  local title=$1 started=$SECONDS
  shift
  STAGE=$title
  STAGES=$((STAGES + 1))
  [[ -z $STAGES_OF ]] || title="$STAGES/$STAGES_OF  $title"
  [[ $DRY_RUN == no ]] || say "$title:"
  [[ $DRY_RUN == yes || ! -t 1 ]] || printf '    … s  %s\r' "$title"
  "$@"
  STAGE=''
  [[ $DRY_RUN == yes ]] || printf '%5d s  %s\n' $((SECONDS - started)) "$title"
  log_line "done    $title, $((SECONDS - started)) s"
}

# change COMMAND...: runs a command that changes something. A dry run prints it instead, and discards its input.
change() {
  if [[ $DRY_RUN == no ]]; then
    "$@"
    return
  fi
  cat >/dev/null
  say "    $(spelt_out "$@")" >&3 # the callers silence standard output
}

# spelt_out COMMAND...: replaces our own functions by the programs that they call
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

# If a run does not finish, including after Ctrl-C, prints where it stopped.
watch_end() {
  trap on_exit EXIT
  trap 'exit 130' INT # alone, EXIT sees the code 0 after a signal
  trap 'exit 143' TERM
}

on_exit() {
  local code=$?
  [[ $code -ne 0 && -n $STAGE ]] || return 0
  # A command that a signal stops may have its standard error in a file.
  printf '\nStopped in: %s.\nCompleted stages stay installed; ./deploy.sh continues from there, ./deploy.sh --down removes them.\n' "$STAGE" >&4
  log_line "STOPPED $STAGE, exit code $code"
}
