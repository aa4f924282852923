# shellcheck shell=bash
# The KIND cluster: create it, recognize it as ours, delete it. All calls use deploy.sh's own kubeconfig.

readonly CLUSTER=incident-pipeline
readonly NODE=$CLUSTER-control-plane
readonly STATE=$ROOT/.kind
readonly KUBECONFIG_FILE=$STATE/kubeconfig
readonly MARKER=incident-pipeline.internal/made-by=deploy.sh
readonly BEGUN=$STATE/begun # exists while kind creates the cluster

k() { kubectl --kubeconfig "$KUBECONFIG_FILE" "$@"; }
h() { helm --kubeconfig "$KUBECONFIG_FILE" "$@"; }

# As the group that may write the responder's objects: labels under security/, its records, the quarantine NetworkPolicy.
break_glass() { k --as=deploy.sh --as-group=system:masters --as-group=security:break-glass "$@"; }

cluster_exists() {
  local names
  # A dry run on a machine that lacks a tool cannot ask kind.
  [[ $DRY_RUN == no || $PROBLEMS == 0 ]] || return 1
  # kind reports on standard error that there are no clusters.
  names="$(kind get clusters 2>&1)" || fail "kind cannot list its clusters: $names" './deploy.sh --doctor checks docker and kind; then run the same command again.'
  grep -qx "$CLUSTER" <<<"$names"
}

api_answers() { k get --raw /readyz >/dev/null 2>&1; }

bears_marker() { k get nodes -l "$MARKER" -o name 2>/dev/null | grep -q .; }

# use_cluster: ensures that the cluster of this name is ours and answers. Never changes another cluster.
use_cluster() {
  # Fetched each time: an old file may belong to a cluster that was deleted by hand.
  (umask 077 && mkdir -p "$STATE" && kind get kubeconfig --name "$CLUSTER" >"$KUBECONFIG_FILE")
  wait_until 20 api_answers || not_usable "The cluster $CLUSTER is there, but its API server does not answer." \
    "If its node is stopped: docker start $NODE. If it cannot be saved: kind delete cluster --name $CLUSTER. Then run the same command again."
  bears_marker || not_usable "There is a KIND cluster named $CLUSTER that deploy.sh did not make (no node is labelled $MARKER)." \
    "It was not touched. Rename or delete yours (kind delete cluster --name $CLUSTER), then run the same command again."
}

# not_usable MESSAGE...: stops, and removes the administrator's kubeconfig of a cluster that may belong to another user. --down
# refuses that cluster too, so the message does not advise --down.
not_usable() {
  rm -f "$KUBECONFIG_FILE"
  rmdir "$STATE" 2>/dev/null || true
  # shellcheck disable=SC2034 # read in say.sh, whose advice is --down
  STAGE=''
  fail "$@"
}

# need_cluster: the same, for actions that require a cluster.
need_cluster() {
  if ! cluster_exists; then
    say "There is no cluster $CLUSTER. ./deploy.sh creates it."
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
    say "       A run was stopped while it created the cluster $CLUSTER: the cluster is created again."
    change kind delete cluster --name "$CLUSTER" --kubeconfig "$KUBECONFIG_FILE"
  fi
  create_cluster
}

create_cluster() {
  local image=${NODE_IMAGE:-$NODE_IMAGE_PINNED} log=$STATE/kind.log
  [[ $DRY_RUN == no ]] || log=/dev/null
  change mkdir -p "$STATE"
  change rm -f "$KUBECONFIG_FILE" # of a cluster that no longer exists
  change touch "$BEGUN"
  if ! change kind create cluster --config "$ROOT/cluster/kind-config.yaml" --name "$CLUSTER" --image "$image" \
    --kubeconfig "$KUBECONFIG_FILE" --wait 180s 2>"$log"; then
    change rm -f "$BEGUN" # kind has removed the incomplete cluster
    tail -n 15 "$log" >&2
    fail '' "kind could not create the cluster from $image." \
      "If that image cannot be pulled, use another one: ./deploy.sh --node-image IMAGE. Otherwise check $log, then run the same command again."
  fi
  change rm -f "$BEGUN"
}

delete_cluster() {
  if ! cluster_exists; then
    say "There is no cluster $CLUSTER."
  else
    [[ -e $BEGUN ]] || use_cluster
    change kind delete cluster --name "$CLUSTER" --kubeconfig "$KUBECONFIG_FILE"
    [[ $DRY_RUN == yes ]] || say "The cluster $CLUSTER is deleted, with everything in it."
  fi
  change rm -rf "$STATE"
}
