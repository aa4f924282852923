# shellcheck shell=bash
# What goes into the cluster. Everything is applied server-side: what is as it should be stays as it is.

# apply -k DIR | -f FILE | -f - : as deploy.sh, and as whoever may write security/* keys. What is as it should be is left
# alone: an apply that changes nothing still makes new versions of namespaces and admission policies.
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
  # Whatever the folder holds: a list of names would have to be kept beside it.
  definitions | change k wait --for=condition=Established --timeout=60s -f - >/dev/null
}

# A dry run shows the plan on a machine without kubectl as well.
definitions() { [[ $DRY_RUN == yes ]] || k kustomize "$ROOT/manifests/crds"; }

install_policy() { apply -k "$ROOT/manifests/policy"; }

install_token() { apply -k "$ROOT/manifests/token"; }

# From what is there to what is wanted, through pipes: no secret is written to a file.
install_secrets() {
  local known=''
  # Where they cannot be read they must not be made anew: with another key n8n could not read its own data.
  [[ $DRY_RUN == yes ]] || known="$(k get secrets -A -l app.kubernetes.io/managed-by=deploy.sh -o json)" ||
    fail 'The Secrets that are there could not be read.' 'See that the cluster answers, then run the same command again.'
  printf '%s' "$known" | tsx "$ROOT/cluster/kind/secrets.ts" | apply -f -
}

# secrets_hash KUBECTL_ARGUMENT...: changes with what is in these Secrets, and tells none of it
secrets_hash() {
  if [[ $DRY_RUN == yes ]]; then
    printf 'none'
  else
    k get secrets "$@" -o 'jsonpath={.items[*].data}' | sha256sum | cut -c1-12
  fi
}

install_n8n() {
  local secrets
  if [[ $DRY_RUN == yes ]]; then # it shows what is applied, not with which image
    apply -f - </dev/null
    return
  fi
  secrets="$(secrets_hash -n n8n n8n n8n-import)"
  k kustomize "$ROOT/manifests/n8n" |
    sed -e "s|incident-pipeline/n8n:UNSET|$(n8n_image)|" -e "s|secrets: UNSET|secrets: '$secrets'|" |
    apply -f -
  allow_model
}

# The common ports are open already; another one is opened for the model that was configured, and for no longer.
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
    apply -k "$ROOT/manifests/monitoring/rules" # of kinds that the chart brings
  fi
  ! wants alloy || chart alloy monitoring "$ALLOY_CHART" "$ALLOY_REPOSITORY" "$ROOT/manifests/monitoring/alloy.yaml"
}

install_falco() {
  wants falco || return 0
  local secrets
  apply -k "$ROOT/manifests/falco"
  # Once: its values are the user's. Created, not applied, so that a question that failed does not overwrite them.
  k get configmap infrastructure-context -n security >/dev/null 2>&1 ||
    change break_glass create --field-manager=deploy.sh -f "$ROOT/manifests/falco/infrastructure-context.yaml" >/dev/null
  # Both programs read their certificates and secrets when they start: other ones, other pods.
  secrets="$(secrets_hash -n security -l app.kubernetes.io/managed-by=deploy.sh)"
  chart falco security "$FALCO_CHART" "$FALCO_REPOSITORY" "$ROOT/manifests/falco/values.yaml" \
    "$ROOT/manifests/falco/rules.yaml" "$secrets"
}

install_playground() {
  # Its ServiceAccount is made by a controller; no pod is admitted before.
  [[ $DRY_RUN == yes ]] || wait_until 30 k get serviceaccount default -n playground ||
    fail 'The namespace playground has no ServiceAccount default after 30 s.' 'Look at: kubectl get pods -n kube-system'
  apply -k "$ROOT/manifests/playground"
}

# The longest first: the others get ready meanwhile.
await_all() {
  await_rollout n8n deployment/n8n 420
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
