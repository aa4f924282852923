#!/usr/bin/env bats
# The parts of cluster/kind that are written in TypeScript, run for real before a kubectl that is not.

load support/kind

setup() {
  prepare_run
  answer 'kind get clusters' 0 'incident-pipeline\n'
  local bin
  bin="$(realpath "$BATS_TEST_DIRNAME/../../node_modules/.bin")"
  ln -sf "$bin"/{node,tsx} "$CHECKOUT/node_modules/.bin"
  GOLDEN="$CHECKOUT/manifests/token/responder-rights.json"
}

# The run ends after the Secrets, which are all that was piped by then: once, to a kubectl that finds nothing to change.
deploy_secrets() {
  : >"$FAKE_INPUT"
  answer 'kubectl * diff *' 0
  answer 'docker image inspect *' 1
  answer 'docker build *' 1
  deploy
}

# items EXPRESSION: of the list that was piped to kubectl, as "item"
items() { node -p "JSON.parse(fs.readFileSync('$FAKE_INPUT', 'utf8')).items.map((item) => $1).join(' ')"; }

@test 'the first run makes all Secrets, without writing one down, and the next run keeps them' {
  local made password
  deploy_secrets
  made="$(<"$FAKE_INPUT")"
  [[ "$(items 'item.metadata.name')" == *'n8n n8n-import falcosidekick-webhook falcosidekick-tls falco-client-tls'* ]]
  password="$(items "Buffer.from(item.data.ownerPassword ?? '', 'base64')")"
  password="${password%% *}"
  [[ ${#password} -ge 8 && "$(calls)" != *"$password"* && "$(grep -rFc "$password" "$STATE" | grep -vc ':0$')" == 0 ]]
  answer 'kubectl * get secrets *' 0 "$made"
  deploy_secrets
  [[ "$(<"$FAKE_INPUT")" == "$made" ]]
}

# reviewed KIND [RIGHT]: the answer of the API server to which rights there are: those of the list, and one more
reviewed() {
  node -p "
    const golden = JSON.parse(fs.readFileSync('$GOLDEN', 'utf8'));
    const rights = [...golden.everyone, ...golden.cluster, ...('$1' === 'everyone' ? [] : golden['$1']), ...('$2' ? ['$2'] : [])];
    const rule = ([, verb, resource, , group = '', , name]) =>
      ({ verbs: [verb], apiGroups: [group], resources: [resource], ...(name ? { resourceNames: [name] } : {}) });
    const resourceRules = rights.map((right) => rule(/^(\S+) ([^. ]+)(\.(\S+))?( (\S+))?$/.exec(right)));
    JSON.stringify({ status: { incomplete: false, resourceRules } })"
}

compares() { run --separate-stderr tsx "$CHECKOUT/cluster/kind/rights.ts" "$1" <<<"$2"; }

@test 'rights are compared for each kind of namespace, and what differs is named' {
  local kind
  for kind in optedIn own everyone; do
    compares "$kind" "$(reviewed "$kind" '')"
    exits_with 0
  done
  compares everyone "$(reviewed everyone 'get secrets')"
  exits_with 1
  warns 'too much: get secrets'
  compares own "$(reviewed everyone '')"
  exits_with 1
  warns 'missing:  create quarantines.incident-pipeline.internal'
}

@test 'the status has the memory of each namespace, and fails with a pod that is not ready, which it names' {
  answer 'kubectl * get --raw */stats/summary' 0 \
    '{"node":{"memory":{"workingSetBytes":2147483648}},"pods":[{"podRef":{"name":"n8n-1","namespace":"n8n"},"memory":{"workingSetBytes":314572800}}]}'
  answer 'kubectl * get pods -A *' 0 'n8n n8n-1 True 0\nmonitoring loki-0 False 3\n'
  deploy --status
  exits_with 1
  says '    300  n8n, 1 pod' '      ?  monitoring/loki-0   NOT READY   3 restarts' '2048 the node'
}

@test 'the status of forty pods fits a screen' {
  local pods
  pods="$(for i in {1..40}; do printf 'monitoring pod-%s True 0\\n' "$i"; done)"
  answer 'kubectl * get --raw */stats/summary' 0 '{"node":{"memory":{}},"pods":[]}'
  answer 'kubectl * get pods -A *' 0 "$pods"
  deploy --status
  exits_with 0
  says '      0  monitoring, 40 pods'
  (($(wc -l <<<"$output") < 24)) || complain 'it is longer than a screen'
}
