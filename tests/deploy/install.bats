#!/usr/bin/env bats
# A first run, from nothing to a system that was proven.

load support/kind

setup() {
  prepare_run
  # shellcheck source-path=SCRIPTDIR/../..
  source "$CHECKOUT/cluster/kind/versions.sh"
}

@test 'a first run does all in its order and says where everything is' {
  answer 'kubectl * get secret n8n *ownerEmail*' 0 owner@example.org
  deploy
  exits_with 0
  called 'kind create cluster *--image kindest/node:v*@sha256:*--wait *' \
    'kubectl * apply *manifests/crds' 'kubectl * wait --for=condition=Established *' 'kubectl * apply *manifests/policy' \
    'kubectl * apply *manifests/token' '*kind/secrets.ts' 'docker build *' 'kind load docker-image incident-pipeline/n8n:*' \
    'kubectl * kustomize *manifests/n8n' 'kubectl * apply *manifests/monitoring' 'helm * upgrade *kube-prometheus-stack *' \
    'kubectl * apply *manifests/monitoring/rules' 'helm * upgrade *alloy *' 'kubectl * apply *manifests/falco' \
    'helm * upgrade *falco *' 'kubectl * apply *manifests/playground' 'kubectl *rollout status deployment/n8n *' \
    'kubectl * wait *pod --all *' 'curl *security-alerts' '*kind/rights.ts *' 'kubectl *exec -n playground test-shell *' \
    'kubectl * label pod quarantine-probe *' 'kubectl * create configmap incident-pipeline-proof *'
  says 'http://127.0.0.1:30008   owner@example.org' 'http://127.0.0.1:30300' "export KUBECONFIG=$STATE/kubeconfig" './deploy.sh --down'
  [[ ! -e $STATE/begun && ! -e $STATE/session ]]
}

@test 'charts come pinned from their repositories, with our values and rules' {
  deploy
  called "helm * --install kube-prometheus-stack kube-prometheus-stack --repo $PROMETHEUS_REPOSITORY *--version $PROMETHEUS_CHART --values *" \
    "helm * --install alloy alloy --repo $ALLOY_REPOSITORY *--version $ALLOY_CHART --values */monitoring/alloy.yaml *" \
    "helm * --install falco falco --repo $FALCO_REPOSITORY *--version $FALCO_CHART --values */falco/values.yaml *=*/falco/rules.yaml *podAnnotations*"
}

@test 'charts come from a folder, packed or not' {
  local charts="$BATS_TEST_TMPDIR/my charts"
  mkdir -p "$charts"/{alloy,falco}
  touch "$charts/kube-prometheus-stack-$PROMETHEUS_CHART.tgz"
  # shellcheck disable=SC2016 # the fake expands it
  runs 'helm * upgrade *' '[[ -e $6 ]] # whole, in spite of its space'
  deploy --charts-dir "$charts"
  exits_with 0
  called "helm * upgrade --install kube-prometheus-stack $charts/kube-prometheus-stack-$PROMETHEUS_CHART.tgz *" \
    "helm * upgrade --install alloy $charts/alloy *" "helm * upgrade --install falco $charts/falco *"
  not_called '*--repo*'
}

@test 'what is left out is not installed, not waited for and not proven' {
  rm "$FAKES/helm"
  answer 'kubectl * get deployment falco-falcosidekick *' 1
  deploy --without kube-prometheus-stack,alloy,falco
  exits_with 0
  called 'kubectl * apply *manifests/monitoring' 'kubectl * create configmap incident-pipeline-proof *'
  not_called 'helm *' 'kubectl *rollout*grafana*' 'kubectl *rollout*alloy*' 'kubectl *rollout*falco*' '*test-shell*' '*monitoring/rules'
  says 'Left out, as asked: kube-prometheus-stack,alloy,falco' 'falcosidekick          not installed'
  [[ $output != *Grafana* && $output != *"Falco's UI"* ]]
}

@test 'a model on a port of its own can be reached from n8n, and none when there is no model' {
  answer 'kubectl * get networkpolicy n8n-model *' 0
  deploy
  called 'kubectl * delete networkpolicy n8n-model *'
  answer 'kubectl * get secret n8n-import *modelPort*' 0 11434
  : >"$FAKE_INPUT"
  deploy
  [[ "$(<"$FAKE_INPUT")" == *'ports: [{ port: 11434 }]'* ]]
}

@test 'n8n gets the image that was built, under a name that its sources give' {
  answer 'kubectl * kustomize *' 0 'image: incident-pipeline/n8n:UNSET\nsecrets: UNSET\n'
  deploy
  local built
  built="$(calls 'docker build *' | grep -oE 'n8n:[0-9a-f]{12}')"
  grep -q "image: incident-pipeline/$built\$" "$FAKE_INPUT"
  grep -qE "^secrets: '[0-9a-f]{12}'" "$FAKE_INPUT"
}

@test 'an image of another node goes to kind' {
  deploy --node-image kindest/node:v1.32.2
  called 'kind create cluster *--image kindest/node:v1.32.2 *'
}

@test 'no proxy is asked for what is on this machine' {
  deploy
  called 'curl --noproxy \* *'
  [[ "$(calls 'curl *')" == "$(calls 'curl --noproxy \* *')" ]]
}

@test 'the infrastructure context is created where it is missing, and never written again' {
  answer 'kubectl * get configmap infrastructure-context *' 1 'NotFound\n'
  deploy
  exits_with 0
  called 'kubectl *security:break-glass create * -f *manifests/falco/infrastructure-context.yaml'
  not_called 'kubectl * apply *infrastructure-context*'
  : >"$FAKE_CALLS"
  answer 'kubectl * get configmap infrastructure-context *'
  deploy
  not_called 'kubectl *infrastructure-context.yaml'
}
