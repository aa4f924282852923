# shellcheck shell=bash
# Waits for conditions, always with a time limit; when the limit expires, prints the cluster's view of the problem.

# wait_until SECONDS COMMAND...: waits until the command succeeds. Prints nothing; returns 1 when the limit has expired. Tests,
# whose tools answer at once, set one limit for all.
wait_until() {
  local deadline=$((SECONDS + ${WAIT_AT_MOST:-$1}))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.3 # between two attempts
  done
}

# await_rollout NAMESPACE KIND/NAME SECONDS
await_rollout() {
  local namespace=$1 workload=$2 limit=$3
  [[ $DRY_RUN == no ]] || return 0
  # An operator creates some of them a moment after it is ready itself; `rollout status` fails for a missing workload.
  wait_until "$limit" k -n "$namespace" get "$workload" || not_ready "$namespace" "$workload is not there after $limit s"
  local deadline=$((SECONDS + ${WAIT_AT_MOST:-$limit}))
  until k -n "$namespace" rollout status "$workload" --timeout=5s >/dev/null 2>&1; do
    show_restarts "$namespace"
    ((SECONDS < deadline)) || not_ready "$namespace" "$workload is not ready after $limit s"
    sleep 0.3 # where kubectl answers at once
  done
}

RESTARTS_SHOWN=''

# show_restarts NAMESPACE: for each pod that is not ready and has restarted, prints its last lines before that, once for each
# restart. It may still become ready, so the wait continues; but the cause is visible before the limit expires.
show_restarts() {
  local namespace=$1 name ready counts
  while read -r name ready counts; do
    [[ $ready != True && $counts == *[1-9]* && $RESTARTS_SHOWN != *"|$name $counts|"* ]] || continue
    RESTARTS_SHOWN+="|$name $counts|"
    {
      printf '\n%s (namespace %s) is not ready and has restarted (%s times). Its last lines before that:\n' "$name" "$namespace" "$counts"
      k -n "$namespace" logs "pod/$name" --all-containers --previous --tail=8 --prefix 2>/dev/null ||
        k -n "$namespace" logs "pod/$name" --all-containers --tail=8 --prefix || true
    } >&2
  done < <(k -n "$namespace" get pods --no-headers -o \
    'custom-columns=NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status,RESTARTS:.status.containerStatuses[*].restartCount' 2>/dev/null)
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
    printf '\nFix the cause shown above, then run the same command again.\n'
  } >&2
  exit 1
}

pods_not_ready() {
  k -n "$1" get pods --no-headers -o \
    'custom-columns=NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status' |
    awk '$2 != "True" { print "pod/" $1 }'
}
