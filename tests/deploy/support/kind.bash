#!/usr/bin/env bash
# A machine that has all that a KIND cluster takes, and tools that answer as they do in a run without trouble. A test
# answers otherwise where its trouble is.

load support/deploy

# Call it from setup, in place of prepare_deploy.
prepare_machine() {
  prepare_deploy
  fake node npm docker kind kubectl helm curl
  fake_installed node tsx
  answer 'node --version' 0 'v24.21.0\n'
  answer 'docker info *' 0 '8589934592\n'
  answer 'kind version' 0 'kind v0.32.0 go1.25.1 linux/amd64\n'
  answer 'kubectl version --client' 0 'Client Version: v1.36.1\nKustomize Version: v5.8.1\n'
  answer 'helm version --short' 0 'v4.0.1+g12345\n'
  export PROC_ROOT="$BATS_TEST_TMPDIR/proc" SYS_ROOT="$BATS_TEST_TMPDIR/sys"
  mkdir -p "$PROC_ROOT/sys/fs/inotify" "$SYS_ROOT/kernel/btf"
  touch "$SYS_ROOT/kernel/btf/vmlinux"
  inotify_limits 1024 1048576
  # Nobody listens on the first port, whereas the real ones may well be another cluster's.
  export PORTS_TO_PUBLISH=1 WAIT_AT_MOST=0
  unset OPENAI_API_KEY OPENAI_BASE_URL OPENAI_MODEL
  # shellcheck disable=SC2034 # for tests
  STATE="$CHECKOUT/.kind"
}

# inotify_limits INSTANCES WATCHES
inotify_limits() {
  echo "$1" >"$PROC_ROOT/sys/fs/inotify/max_user_instances"
  echo "$2" >"$PROC_ROOT/sys/fs/inotify/max_user_watches"
}

# prepare_run: prepare_machine, with tools that answer to a whole run. No cluster is there before kind makes it.
prepare_run() {
  prepare_machine
  package_sources
  answer_after 'kind create *' 'kind get clusters' 0 'incident-pipeline\n'
  answer_after 'kind delete *' 'kind get clusters'
  answer 'kubectl * diff *' 1 # nothing is as it should be yet
  answer 'kind get kubeconfig *' 0 'apiVersion: v1\n'
  answer 'kubectl * get nodes *' 0 'node/incident-pipeline-control-plane\n'
  answer 'docker image inspect incident-pipeline/n8n:*' 1
  answer_after 'docker build *' 'docker image inspect incident-pipeline/n8n:*'
  answer 'kubectl * get secret n8n-import *' 0 'incident-pipeline\n'
  answer 'kubectl * get secret n8n-import *"model*' # none is configured
  answer 'kubectl * get networkpolicy n8n-model *' 1
  n8n_answers
  probes_answer
}

# Stands for what goes into n8n's image.
package_sources() {
  mkdir "$CHECKOUT"/{core,app,adapters,nodes,credentials,gate,dist}
  touch "$CHECKOUT"/{.npmrc,tsconfig.json,tsconfig.build.json,gulpfile.js}
}

n8n_answers() {
  answer 'curl *--data * http://127.0.0.1:30008/webhook/security-alerts' 0 '{"incident":"inc-1"}'
  answer 'curl *-d {} http://127.0.0.1:30008/webhook/security-alerts' 0 401
  answer 'curl *http://127.0.0.1:30008/rest/credentials' 0 \
    '[{"id":"incident-alert-secret"},{"id":"incident-kubernetes"},{"id":"incident-pushgateway"},{"id":"incident-loki"}]'
  answer 'curl *http://127.0.0.1:30008/rest/workflows/*' 0 '{"active":true}'
}

# The pods reach each other and hold connections; a quarantine cuts new connections and no open one; nobody but Falco
# reaches Falcosidekick.
probes_answer() {
  local reaches='kubectl *exec -n playground quarantine-probe* wget *'
  answer_after 'curl *--data *security-alerts' "$reaches" 1
  answer_after 'kubectl * label pod quarantine-probe *security/quarantined-' "$reaches"
  answer 'kubectl *exec -n playground test-shell *--post-data *' 1
  answer 'kubectl *get pod quarantine-probe *security/quarantined}' 0 true
  answer 'kubectl *get --raw *loki*' 0 '{"incident":"inc-1","decision":"quarantine_pod"}'
  runs 'kubectl *cat /tmp/arrivals' 'seq -f "1.50 1 %g" 30'
  answer 'kubectl *cut -d   -f 1 /proc/uptime' 0 '100.00\n'
  held_connections survives 'inbound connection 1 goes on' 'inbound connection 1; outbound connection 1; control connection 1'
}

# held_connections VERDICT REASON HELD: what the probe's observations show
held_connections() {
  runs 'tsx *openConnections.ts' "cat >>\"\$FAKE_INPUT\"; printf '%s\n' '$1' '$2' '$3'"
}
