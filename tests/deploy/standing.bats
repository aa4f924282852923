#!/usr/bin/env bats
# What else can be asked of a cluster: how it is, the proof again, and its end.

load support/kind

setup() {
  prepare_run
  answer 'kind get clusters' 0 'incident-pipeline\n'
}

no_cluster() { answer 'kind get clusters'; }

@test 'without a cluster there is no status and no proof' {
  local asked
  no_cluster
  for asked in --status --self-test; do
    deploy "$asked"
    exits_with 1
    says 'There is no cluster incident-pipeline. ./deploy.sh creates it.'
  done
  not_called 'kubectl --kubeconfig *' 'kind get kubeconfig *'
  [[ ! -e $STATE ]]
}

@test 'the status has each pod and the last proof' {
  answer 'tsx *memory.ts *' 0 '300 n8n/n8n-1\n'
  answer 'kubectl * get configmap incident-pipeline-proof *' 0 '  rights exactly those\n'
  deploy --status
  exits_with 0
  says 'n8n/n8n-1' 'rights exactly those'
}

@test 'the status has the last proof though a pod is not ready' {
  answer 'tsx *memory.ts *' 1
  answer 'kubectl * get configmap incident-pipeline-proof *' 0 '  rights exactly those\n'
  deploy --status
  exits_with 1
  says 'rights exactly those'
}

@test 'the status says that nothing was proven yet' {
  answer 'kubectl * get configmap incident-pipeline-proof *' 1 'NotFound\n'
  deploy --status
  exits_with 0
  says 'No proof yet: ./deploy.sh --self-test'
}

@test 'the status says what waits to be sent, or that n8n cannot say it' {
  answer 'kubectl * exec -n n8n deploy/n8n *printStatus.js /home/node/.n8n' 0 'Loki: 3 log lines wait\n'
  deploy --status
  exits_with 0
  says 'Loki: 3 log lines wait'
  answer 'kubectl * exec -n n8n deploy/n8n *printStatus.js *' 1
  deploy --status
  exits_with 0
  says 'What waits for Loki and Pushgateway is not known'
}

@test 'the proof can be repeated, and nothing else is' {
  deploy --self-test
  exits_with 0
  says 'exactly those of manifests/token/responder-rights.json' 'refuses a POST'
  called 'kubectl * create configmap incident-pipeline-proof *'
  not_called 'helm *' 'docker build *' 'kind create *' 'kind load *' '*kind/secrets.ts'
}

@test 'the end deletes our cluster and what was noted of it' {
  deploy --down
  exits_with 0
  says 'The cluster incident-pipeline is deleted'
  called 'kind delete cluster --name incident-pipeline *'
  [[ "$(calls '* delete *' | wc -l)" == 1 && ! -e $STATE ]]
}

@test 'the end of what is not there is no error' {
  no_cluster
  deploy --down
  exits_with 0
  says 'There is no cluster incident-pipeline.'
  not_called 'kind delete *'
}

@test 'to look at a cluster or delete it takes no helm and no new kind' {
  local asked
  rm "$FAKES/helm"
  answer 'kind version' 0 'kind v0.27.0 go1.23.6 linux/amd64\n'
  for asked in --status --self-test --down; do
    deploy "$asked"
    exits_with 0
  done
}

@test 'a tool without which nothing can be said of a cluster is named' {
  local asked
  rm "$FAKES/kind"
  for asked in --status --self-test --down; do
    deploy "$asked"
    exits_with 2
    warns 'kind is missing'
    [[ $output != *'There is no cluster'* ]]
  done
}
