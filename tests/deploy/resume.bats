#!/usr/bin/env bats
# Runs that were stopped, and the ones after them.

load support/kind

setup() { prepare_run; }

# Forgets the calls so far. What they led to has to be answered anew.
next_run() {
  : >"$FAKE_CALLS"
  answer 'kind get clusters' 0 'incident-pipeline\n'
  answer 'docker image inspect *'
}

# The answers of tools that know what the run before did.
all_stands() {
  local call name revision
  while IFS= read -r call; do
    name="$(sed -E 's/.* --install ([^ ]+) .*/\1/' <<<"$call")"
    revision="$(sed -E 's/.* --description (inputs [0-9a-f]+) .*/\1/' <<<"$call")"
    answer "helm * history $name *" 0 "[{\"status\":\"deployed\",\"description\":\"$revision\"}]"
  done < <(calls 'helm * upgrade *')
  answer 'docker exec * images ls -q' 0 "$(calls 'kind load *' | awk '{ print "docker.io/library/" $4 "\\n" }' | tr -d '\n')"
  answer 'kubectl * get configmap incident-pipeline-proof *' 0 \
    "$(calls 'kubectl * create configmap *' | grep -oE 'proven-for=[0-9a-f]+' | cut -d= -f2)"
  answer 'kubectl * diff *'
  next_run
}

@test 'a second run on a system that stands changes nothing and repeats no proof' {
  deploy
  all_stands
  deploy
  exits_with 0
  says 'Nothing changed since the last proof' 'The system is up'
  not_called 'kind create *' 'kind delete *' 'kind load *' 'docker build *' 'npm *' 'helm * upgrade *' 'helm * uninstall *' \
    'curl *' 'kubectl * apply *' 'kubectl * exec *' 'kubectl * create configmap *' 'kubectl * delete *'
}

@test 'other pods than those that were proven are proven again' {
  deploy
  all_stands
  answer 'kubectl * get pods -A *' 0 'n8n n8nio/n8n:other\n'
  deploy
  exits_with 0
  called 'curl *security-alerts' 'kubectl * create configmap incident-pipeline-proof *'
}

@test 'what differs from the manifests is applied again, and it alone' {
  deploy
  all_stands
  answer 'kubectl * diff *manifests/token' 1
  deploy
  exits_with 0
  called 'kubectl * apply *manifests/token'
  [[ "$(calls 'kubectl * apply *' | wc -l)" == 1 ]]
}

@test 'other values of a chart upgrade it, and it alone' {
  deploy
  all_stands
  answer 'helm * history alloy *' 0 '[{"status":"deployed","description":"inputs 0123456789ab"}]'
  deploy
  called 'helm * upgrade --install alloy *'
  [[ "$(calls 'helm * upgrade *' | wc -l)" == 1 ]]
}

@test 'after a chart that failed the next run goes on with it' {
  answer 'helm * upgrade *falco *' 1 'Error: no route to host\n'
  deploy
  exits_with 1
  all_stands
  answer 'helm * history falco *' 0 '[{"status":"failed","description":"no route to host"}]'
  answer 'helm * upgrade *falco *'
  deploy
  exits_with 0
  called 'helm * upgrade --install falco *' 'kubectl * create configmap incident-pipeline-proof *'
  not_called 'kind create *' 'docker build *' 'helm * uninstall *' 'helm * upgrade *alloy *' '*kube-prometheus-stack * --values *'
}

@test 'a release that was stopped in its installation is removed first' {
  answer 'helm * history alloy *' 0 '[{"status":"pending-install","description":"Initial install underway"}]'
  deploy
  exits_with 0
  called 'helm * uninstall alloy --namespace monitoring' 'helm * upgrade --install alloy *'
}

@test 'a release that was stopped in its upgrade goes back first' {
  answer 'helm * history alloy *' 0 '[{"status":"pending-upgrade","description":"Preparing upgrade"}]'
  deploy
  exits_with 0
  called 'helm * rollback alloy --namespace monitoring' 'helm * upgrade --install alloy *'
  not_called 'helm * uninstall *'
}

@test 'Ctrl-C says where it stopped and that the next run goes on' {
  runs 'kind create *' 'kill -INT 0' # the process group, as a terminal does; timeout makes it one of its own
  run --separate-stderr timeout 20 env --default-signal=INT PATH="$FAKES:$SYSTEM" "$CHECKOUT/deploy.sh"
  exits_with 130
  warns 'Stopped in: Cluster' './deploy.sh continues from there, ./deploy.sh --down removes them'
  next_run
  runs 'kind create *' ''
  deploy
  exits_with 0
  called 'kind delete cluster *' 'kind create cluster *'
}

@test 'the log of the runs has each stage and where one stopped, and no secret' {
  export OPENAI_API_KEY=sk-known-secret-of-the-test OPENAI_MODEL=a-model OPENAI_BASE_URL=https://models.example.com/v1
  answer 'helm * upgrade *alloy *' 1 'Error: no route to host\n'
  deploy
  exits_with 1
  [[ "$(<"$STATE/deploy.log")" == *"done    1/12  Cluster"*"STOPPED Monitoring, exit code 1"* ]] || complain "$(<"$STATE/deploy.log")"
  ! grep -rqF sk-known-secret-of-the-test "$STATE" || complain 'a file has the secret'
}

@test 'what will happen is said before it happens' {
  runs 'kind create *' "echo created >&2; exit 1"
  deploy
  says 'This will install into the KIND cluster incident-pipeline' 'changes no other cluster' '--dry-run prints each command'
}
