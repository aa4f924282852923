#!/usr/bin/env bats
# The cluster itself: made, found again, and left alone where it is somebody else's.

load support/kind

setup() { prepare_run; }

stands() { answer 'kind get clusters' 0 'other\nincident-pipeline\n'; }

# Nothing that changes a cluster was called.
left_alone() {
  not_called 'kind create *' 'kind delete *' 'kind load *' 'helm * upgrade *' 'kubectl * apply *' 'kubectl * delete *' 'kubectl * label *'
}

@test 'a cluster of the same name that deploy.sh did not make is refused, whatever was asked' {
  local asked
  stands
  answer 'kubectl * get nodes *'
  for asked in '' --status --self-test --down; do
    # shellcheck disable=SC2086 # nothing is no argument
    deploy $asked
    exits_with 2
    warns 'that deploy.sh did not make' 'It was not touched'
    # Neither what --down refuses too, nor an administrator's access to somebody else's cluster.
    [[ $stderr != *'--down'* ]] || complain '--down is advised'
    [[ ! -e $STATE ]] || complain 'something of that cluster is kept'
  done
  left_alone
}

@test 'a cluster of another name is not ours' {
  answer 'kind get clusters' 0 'incident-pipeline-2\nmy-incident-pipeline\n'
  deploy --status
  exits_with 1
  says 'There is no cluster incident-pipeline'
}

@test 'a cluster that does not answer is not replaced' {
  stands
  answer 'kubectl * get --raw /readyz' 1 'connection refused\n'
  deploy
  exits_with 2
  warns 'its API server does not answer' 'docker start incident-pipeline-control-plane' 'kind delete cluster'
  [[ $stderr != *'--down'* && ! -e $STATE/kubeconfig ]]
  left_alone
}

@test 'a cluster that a stopped run left half made is made anew' {
  stands
  mkdir "$STATE"
  touch "$STATE/begun"
  deploy
  exits_with 0
  says 'the cluster is created again'
  called 'kind delete cluster --name incident-pipeline *' 'kind create cluster *' 'kubectl * apply *'
  [[ ! -e $STATE/begun ]]
}

@test 'a node image that cannot be pulled' {
  answer 'kind create *' 1 'ERROR: failed to create cluster: failed to pull image\n'
  deploy
  exits_with 1
  warns 'failed to pull image' 'kind could not create the cluster from kindest/node:' './deploy.sh --node-image IMAGE' 'Stopped in: Cluster'
  not_called 'kubectl * apply *'
}

@test 'a cluster that kind did not make is not taken for a half made one later' {
  answer 'kind create *' 1
  deploy
  exits_with 1
  stands
  answer 'kubectl * get nodes *'
  deploy
  exits_with 2
  warns 'that deploy.sh did not make'
  not_called 'kind delete *'
}

@test 'where kind cannot list its clusters nobody says that there is none' {
  local asked
  mkdir "$STATE"
  touch "$STATE/begun"
  answer 'kind get clusters' 1 'ERROR: failed to list clusters: Cannot connect to the Docker daemon\n'
  for asked in --status --self-test --down --doctor; do
    deploy "$asked"
    exits_with 2
    warns 'Cannot connect to the Docker daemon' './deploy.sh --doctor'
  done
  [[ -e $STATE/begun ]]
  left_alone
}
