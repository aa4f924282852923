# shellcheck shell=bash
# Waiting, always for a condition and with a limit; when the limit passes, what the cluster says of it.

# wait_until SECONDS COMMAND...: until it succeeds. Prints nothing; returns 1 when the limit has passed. Tests, whose
# tools answer at once, set a limit for all.
wait_until() {
  local deadline=$((SECONDS + ${WAIT_AT_MOST:-$1}))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.3 # between two questions
  done
}

# await_rollout NAMESPACE KIND/NAME SECONDS
await_rollout() {
  local namespace=$1 workload=$2 limit=$3
  [[ $DRY_RUN == no ]] || return 0
  # An operator makes some of them a moment after it is ready itself; of what is not there yet, no rollout can be told.
  wait_until "$limit" k -n "$namespace" get "$workload" || not_ready "$namespace" "$workload is not there after $limit s"
  k -n "$namespace" rollout status "$workload" --timeout="${limit}s" >/dev/null 2>&1 ||
    not_ready "$namespace" "$workload is not ready after $limit s"
}

# not_ready NAMESPACE MESSAGE: stops, with the last events of the namespace and the last lines of pods that are not ready.
not_ready() {
  local namespace=$1 message=$2 pod
  {
    printf '%s (namespace %s).\n\nIts pods:\n' "$message" "$namespace"
    k -n "$namespace" get pods -o wide || true
    printf '\nThe last events:\n'
    k -n "$namespace" get events --sort-by=.lastTimestamp | tail -n 8 || true
    for pod in $(pods_not_ready "$namespace"); do
      printf '\nThe last lines of %s:\n' "$pod"
      k -n "$namespace" logs "$pod" --all-containers --tail=15 --prefix || true
    done
    printf '\nMend what they name, then run the same command again.\n'
  } >&2
  exit 1
}

pods_not_ready() {
  k -n "$1" get pods --no-headers -o \
    'custom-columns=NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status' |
    awk '$2 != "True" { print "pod/" $1 }'
}
