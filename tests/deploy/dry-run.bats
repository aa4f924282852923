#!/usr/bin/env bats
# A dry run reads and prints; it changes nothing.

load support/kind

setup() {
  prepare_run
  # As kubectl does without a cluster.
  answer 'kubectl * get *' 1 'error: stat .kind/kubeconfig: no such file or directory\n'
}

changed_nothing() {
  not_called 'kind create *' 'kind delete *' 'kind load *' 'docker build *' 'npm *' 'helm * upgrade *' 'helm * uninstall *' \
    'helm * rollback *' 'kubectl * apply *' 'kubectl * create *' 'kubectl * delete *' 'kubectl * patch *' 'kubectl * label *'
}

@test 'without a cluster it prints all that a first run does' {
  deploy --dry-run
  exits_with 0
  says 'Cluster:' 'kind create cluster' 'Custom resources:' 'kubectl apply' 'docker build' 'kind load docker-image incident-pipeline/n8n' \
    'helm upgrade --install kube-prometheus-stack' 'helm upgrade --install falco'
  [[ -z $stderr ]] || complain 'something is on standard error'
  changed_nothing
  [[ ! -e $STATE ]]
}

@test 'with a cluster that stands it does not make another' {
  answer 'kind get clusters' 0 'incident-pipeline\n'
  answer 'kubectl * get *' 0 'node/incident-pipeline-control-plane\n'
  deploy --dry-run
  exits_with 0
  [[ $output != *'kind create'* ]]
  changed_nothing
}

@test 'it does not wait for anybody to type' {
  mkfifo "$BATS_TEST_TMPDIR/typed"
  exec 9<>"$BATS_TEST_TMPDIR/typed" # open, and nothing ever comes
  run --separate-stderr timeout 20 env PATH="$FAKES:$SYSTEM" "$CHECKOUT/deploy.sh" --dry-run <&9
  exec 9>&-
  exits_with 0
}

@test 'nor does it delete a cluster' {
  answer 'kind get clusters' 0 'incident-pipeline\n'
  answer 'kubectl * get *' 0 'node/incident-pipeline-control-plane\n'
  deploy --down --dry-run
  exits_with 0
  says 'kind delete cluster --name incident-pipeline'
  [[ $output != *'is deleted'* ]]
  changed_nothing
}

@test 'a proof cannot be tried without changes' {
  deploy --self-test --dry-run
  exits_with 2
  warns '--dry-run goes alone or with --down'
}

@test 'on a machine that lacks something it prints the plan, and then what is missing' {
  rm "$FAKES"/{docker,kind,kubectl,helm}
  deploy --dry-run
  exits_with 2
  says 'kind create cluster' 'docker build' 'kubectl apply' 'helm upgrade --install kube-prometheus-stack'
  warns 'docker is missing' 'kind is missing' 'kubectl is missing' 'helm is missing' 'Nothing was changed. Fix the problems above (4)'
  changed_nothing
  [[ ! -e $STATE ]]
}

@test 'a chart that the folder lacks does not end the plan' {
  mkdir -p "$BATS_TEST_TMPDIR/charts/falco"
  deploy --dry-run --charts-dir "$BATS_TEST_TMPDIR/charts"
  exits_with 2
  says 'helm upgrade --install kube-prometheus-stack' "helm upgrade --install falco $BATS_TEST_TMPDIR/charts/falco" 'Playground:'
  warns 'has neither kube-prometheus-stack-' 'Fix the problems above (2)'
}
