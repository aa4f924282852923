# shellcheck shell=bash
# The Helm charts: pinned, from their repositories or from a folder, and not upgraded if nothing changed.

# wants NAME: whether this component was not left out.
wants() { [[ ",$WITHOUT," != *",$1,"* ]]; }

wants_charts() {
  local name
  for name in "${OPTIONAL[@]}"; do
    ! wants "$name" || return 0
  done
  return 1
}

# chart NAME NAMESPACE VERSION REPOSITORY VALUES [CUSTOM-RULES HASH-OF-SECRETS]
chart() {
  local name=$1 namespace=$2 version=$3 repository=$4 values=$5 rules=${6:-} secrets=${7:-} inputs arguments=() SOURCE=()
  [[ -z $rules ]] || arguments=(--set-file "customRules.incident-pipeline\.yaml=$rules"
    --set-string "podAnnotations.secrets=$secrets" --set-string "falcosidekick.podAnnotations.secrets=$secrets")
  find_chart "$name" "$version" "$repository" || true # missing charts were reported before, and only a dry run continues
  inputs="inputs $({ cat "$values" ${rules:+"$rules"} && echo "$version $secrets"; } | sha256sum | cut -c1-12)"
  ! is_installed "$name" "$namespace" "$inputs" || return 0
  recover_release "$name" "$namespace"
  change h upgrade --install "$name" "${SOURCE[@]}" --namespace "$namespace" --version "$version" --values "$values" \
    --description "$inputs" --timeout 5m ${arguments[@]+"${arguments[@]}"} >/dev/null ||
    fail "The chart $name $version was not installed." \
      "If its repository is not reachable: ./deploy.sh --charts-dir DIR, with the chart's archive or folder in DIR; or --without $name."
}

# Sets SOURCE to the chart in --charts-dir, packed or not; without that option, to its repository. If the folder lacks the
# chart, sets SOURCE to the expected path and returns 1.
find_chart() {
  local name=$1 version=$2 repository=$3
  if [[ -z $CHARTS_DIR ]]; then
    SOURCE=("$name" --repo "$repository")
  elif [[ -e $CHARTS_DIR/$name-$version.tgz ]]; then
    SOURCE=("$CHARTS_DIR/$name-$version.tgz")
  elif [[ -d $CHARTS_DIR/$name ]]; then
    SOURCE=("$CHARTS_DIR/$name")
  else
    SOURCE=("$CHARTS_DIR/$name-$version.tgz")
    return 1
  fi
}

# Before a cluster is created: checks that the folder has all required charts.
check_charts() {
  local name version repository SOURCE
  while read -r name version repository; do
    ! wants "$name" || find_chart "$name" "$version" "$repository" ||
      problem "$CHARTS_DIR has neither $name-$version.tgz nor $name/." \
        "Fetch it on a machine that can reach the repository: helm pull $name --repo $repository --version $version --destination DIR"
  done <<CHARTS
kube-prometheus-stack $PROMETHEUS_CHART $PROMETHEUS_REPOSITORY
alloy $ALLOY_CHART $ALLOY_REPOSITORY
falco $FALCO_CHART $FALCO_REPOSITORY
CHARTS
}

release_state() { h history "$1" --namespace "$2" --max 1 --output json 2>/dev/null || true; }

is_installed() {
  local state
  state="$(release_state "$1" "$2")"
  [[ $state == *'"status":"deployed"'* && $state == *"$3"* ]]
}

# A run that was stopped during a helm command leaves a release that helm refuses to change.
recover_release() {
  local state
  state="$(release_state "$1" "$2")"
  case $state in
    *'"status":"pending-install"'*) change h uninstall "$1" --namespace "$2" >/dev/null ;;
    *'"status":"pending-'*) change h rollback "$1" --namespace "$2" >/dev/null ;;
  esac
}
