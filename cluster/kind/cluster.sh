# shellcheck shell=bash
# The KIND cluster: made, recognised as ours, and deleted. All calls use a kubeconfig of deploy.sh's own.

readonly CLUSTER=incident-pipeline
readonly NODE=$CLUSTER-control-plane
readonly STATE=$ROOT/.kind
readonly KUBECONFIG_FILE=$STATE/kubeconfig
readonly MARKER=incident-pipeline.internal/made-by=deploy.sh
readonly BEGUN=$STATE/begun # there while kind makes the cluster

k() { kubectl --kubeconfig "$KUBECONFIG_FILE" "$@"; }
h() { helm --kubeconfig "$KUBECONFIG_FILE" "$@"; }

# As the group that may write what is the responder's: labels under security/, its records, the quarantine policy.
break_glass() { k --as=deploy.sh --as-group=system:masters --as-group=security:break-glass "$@"; }

cluster_exists() {
  local names
  # A plan for a machine that lacks a tool: none is there to ask.
  [[ $DRY_RUN == no || $PROBLEMS == 0 ]] || return 1
  # It says on standard error that there are none.
  names="$(kind get clusters 2>&1)" || fail "kind cannot list its clusters: $names" './deploy.sh --doctor checks docker and kind; then run the same command again.'
  grep -qx "$CLUSTER" <<<"$names"
}

api_answers() { k get --raw /readyz >/dev/null 2>&1; }

bears_marker() { k get nodes -l "$MARKER" -o name 2>/dev/null | grep -q .; }

# use_cluster: makes sure that the cluster of this name is ours and answers. Never changes one that is not.
use_cluster() {
  # Asked for each time: a file of before may be of a cluster that was deleted by hand.
  (umask 077 && mkdir -p "$STATE" && kind get kubeconfig --name "$CLUSTER" >"$KUBECONFIG_FILE")
  wait_until 20 api_answers || not_usable "The cluster $CLUSTER is there, but its API server does not answer." \
    "If its node is stopped: docker start $NODE. If it cannot be saved: kind delete cluster --name $CLUSTER. Then run the same command again."
  bears_marker || not_usable "There is a KIND cluster named $CLUSTER that deploy.sh did not make (no node is labelled $MARKER)." \
    "It was not touched. Rename or delete yours (kind delete cluster --name $CLUSTER), then run the same command again."
}

# not_usable MESSAGE...: stops, and keeps no administrator's access to a cluster that may be somebody else's. --down refuses
# it too, so nothing advises that.
not_usable() {
  rm -f "$KUBECONFIG_FILE"
  rmdir "$STATE" 2>/dev/null || true
  # shellcheck disable=SC2034 # read in say.sh, whose advice is --down
  STAGE=''
  fail "$@"
}

# need_cluster: the same, for what has nothing to do without one.
need_cluster() {
  if ! cluster_exists; then
    say "There is no cluster $CLUSTER. ./deploy.sh makes it."
    exit 1
  fi
  use_cluster
}

ensure_cluster() {
  if cluster_exists; then
    if [[ ! -e $BEGUN ]]; then
      use_cluster
      return
    fi
    say "       A run was stopped while it made the cluster $CLUSTER: it is made anew."
    change kind delete cluster --name "$CLUSTER" --kubeconfig "$KUBECONFIG_FILE"
  fi
  create_cluster
}

create_cluster() {
  local image=${NODE_IMAGE:-$NODE_IMAGE_PINNED} log=$STATE/kind.log
  [[ $DRY_RUN == no ]] || log=/dev/null
  change mkdir -p "$STATE"
  change rm -f "$KUBECONFIG_FILE" # of a cluster that is no more
  change touch "$BEGUN"
  if ! change kind create cluster --config "$ROOT/cluster/kind-config.yaml" --name "$CLUSTER" --image "$image" \
    --kubeconfig "$KUBECONFIG_FILE" --wait 180s 2>"$log"; then
    change rm -f "$BEGUN" # kind has removed what it began
    tail -n 15 "$log" >&2
    fail '' "kind could not make the cluster from $image." \
      "Where that image cannot be pulled, hand one in: ./deploy.sh --node-image IMAGE. Else look into $log, then run the same command again."
  fi
  change rm -f "$BEGUN"
}

delete_cluster() {
  if ! cluster_exists; then
    say "There is no cluster $CLUSTER."
  else
    [[ -e $BEGUN ]] || use_cluster
    change kind delete cluster --name "$CLUSTER" --kubeconfig "$KUBECONFIG_FILE"
    [[ $DRY_RUN == yes ]] || say "The cluster $CLUSTER is deleted, with all that was in it."
  fi
  change rm -rf "$STATE"
}
