# shellcheck shell=bash
# Installs everything into the cluster with server-side apply. Objects that are up to date do not change.

# apply -k DIR | -f FILE | -f - : as deploy.sh, with the group that may write security/* keys. It skips objects that are up to
# date: an apply without changes still creates new versions of namespaces and admission policies.
apply() {
  local body=''
  [[ $2 != - ]] || body="$(cat)"
  if [[ $DRY_RUN == no ]] && printf '%s' "$body" | server_side diff "$@" >/dev/null 2>&1; then return; fi
  printf '%s' "$body" | change server_side apply "$@" >/dev/null
}

server_side() {
  local verb=$1
  shift
  break_glass "$verb" --server-side --force-conflicts --field-manager=deploy.sh "$@"
}

install_definitions() {
  apply -k "$ROOT/manifests/crds"
  # Waits for all definitions of the folder, so that no separate list of names is needed.
  definitions | change k wait --for=condition=Established --timeout=60s -f - >/dev/null
}

# A dry run also works on a machine without kubectl.
definitions() { [[ $DRY_RUN == yes ]] || k kustomize "$ROOT/manifests/crds"; }

install_policy() { apply -k "$ROOT/manifests/policy"; }

install_token() { apply -k "$ROOT/manifests/token"; }

# Reads the existing Secrets, adds the missing ones, and applies them through pipes: no secret is written to a file.
install_secrets() {
  local known=''
  # If they cannot be read they must not be created again: with another key n8n could not read its own data.
  [[ $DRY_RUN == yes ]] || known="$(k get secrets -A -l app.kubernetes.io/managed-by=deploy.sh -o json)" ||
    fail 'The existing Secrets could not be read.' 'Check that the cluster answers, then run the same command again.'
  printf '%s' "$known" | tsx "$ROOT/cluster/kind/secrets.ts" | apply -f -
}

# secrets_hash KUBECTL_ARGUMENT...: changes with the content of these Secrets, and reveals none of it
secrets_hash() {
  if [[ $DRY_RUN == yes ]]; then
    printf 'none'
  else
    k get secrets "$@" -o 'jsonpath={.items[*].data}' | sha256sum | cut -c1-12
  fi
}

install_n8n() {
  local secrets
  if [[ $DRY_RUN == yes ]]; then # a dry run shows the command, not the image
    apply -f - </dev/null
    return
  fi
  secrets="$(secrets_hash -n n8n n8n n8n-import)"
  k kustomize "$ROOT/manifests/n8n" |
    sed -e "s|incident-pipeline/n8n:UNSET|$(n8n_image)|" -e "s|secrets: UNSET|secrets: '$secrets'|" |
    apply -f -
  allow_model
}

# The common ports are always open; another port is open only as long as a model that needs it is configured.
allow_model() {
  local port=''
  [[ $DRY_RUN == yes ]] || port="$(secret n8n n8n-import modelPort)"
  if [[ -n $port ]]; then
    sed "s/port: 443/port: $port/" "$ROOT/manifests/n8n/model-networkpolicy.yaml" | apply -f -
  elif [[ $DRY_RUN == no ]] && k get networkpolicy n8n-model -n n8n >/dev/null 2>&1; then
    change k delete networkpolicy n8n-model -n n8n >/dev/null
  fi
}

install_monitoring() {
  apply -k "$ROOT/manifests/monitoring"
  if wants kube-prometheus-stack; then
    chart kube-prometheus-stack monitoring "$PROMETHEUS_CHART" "$PROMETHEUS_REPOSITORY" \
      "$ROOT/manifests/monitoring/kube-prometheus-stack.yaml"
    apply -k "$ROOT/manifests/monitoring/rules" # the chart installs their kinds
  fi
  ! wants alloy || chart alloy monitoring "$ALLOY_CHART" "$ALLOY_REPOSITORY" "$ROOT/manifests/monitoring/alloy.yaml"
}

install_falco() {
  wants falco || return 0
  local secrets
  apply -k "$ROOT/manifests/falco"
  # Only once: the user owns its values. Created, not applied, so that a failed `get` does not overwrite them.
  k get configmap infrastructure-context -n security >/dev/null 2>&1 ||
    change break_glass create --field-manager=deploy.sh -f "$ROOT/manifests/falco/infrastructure-context.yaml" >/dev/null
  # Both programs read their certificates and secrets when they start: a change must replace their pods.
  secrets="$(secrets_hash -n security -l app.kubernetes.io/managed-by=deploy.sh)"
  chart falco security "$FALCO_CHART" "$FALCO_REPOSITORY" "$ROOT/manifests/falco/values.yaml" \
    "$ROOT/manifests/falco/rules.yaml" "$secrets"
}

install_playground() {
  # A controller creates its ServiceAccount; no pod is admitted before that.
  [[ $DRY_RUN == yes ]] || wait_until 30 k get serviceaccount default -n playground ||
    fail 'The namespace playground has no ServiceAccount default after 30 s.' 'Look at: kubectl get pods -n kube-system'
  apply -k "$ROOT/manifests/playground"
}

# The slowest component first: the others become ready meanwhile.
await_all() {
  await_rollout n8n deployment/n8n 540
  await_rollout monitoring statefulset/loki 180
  await_rollout monitoring deployment/pushgateway 180
  if wants kube-prometheus-stack; then
    await_rollout monitoring deployment/kube-prometheus-stack-operator 300
    await_rollout monitoring statefulset/prometheus-kube-prometheus-stack-prometheus 300
    await_rollout monitoring deployment/kube-prometheus-stack-grafana 300
  fi
  ! wants alloy || await_rollout monitoring deployment/alloy 300
  if wants falco; then
    await_rollout security deployment/falco-falcosidekick 300
    await_rollout security deployment/falco-falcosidekick-ui 300
    await_rollout security daemonset/falco 300
  fi
  change k wait --for=condition=Ready pod --all -n playground --timeout=120s >/dev/null ||
    not_ready playground 'Not all pods are ready after 120 s'
}
