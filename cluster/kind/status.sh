# shellcheck shell=bash
# The state of the system: each component, its memory, and the results of the last proof.

status() {
  local code=0
  need_cluster
  k get --raw "/api/v1/nodes/$NODE/proxy/stats/summary" | tsx "$ROOT/cluster/kind/memory.ts" "$(ready_pods)" || code=1
  say ''
  # shellcheck disable=SC2016 # the template's own variables
  k get configmap "$PROOF" -n n8n -o 'go-template={{range $name, $text := .data}}{{printf "  %-22s %s\n" $name $text}}{{end}}' 2>/dev/null ||
    say '  No proof yet: ./deploy.sh --self-test'
  say '' "$(waiting_outputs)"
  return "$code"
}

# What n8n could not send to Loki and Pushgateway yet.
waiting_outputs() {
  k exec -n n8n deploy/n8n -c n8n -- node /opt/incident-pipeline/dist/adapters/sqlite/printStatus.js /home/node/.n8n 2>/dev/null ||
    say 'What waits for Loki and Pushgateway is not known: n8n does not run.'
}

# One line per pod: namespace, name, whether it is ready, restarts.
ready_pods() {
  k get pods -A --no-headers -o \
    'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,READY:.status.conditions[?(@.type=="Ready")].status,RESTARTS:.status.containerStatuses[0].restartCount'
}
