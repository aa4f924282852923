#!/usr/bin/env bats
# A part that fails: what deploy.sh says of it, and where it stops.

load support/kind

setup() { prepare_run; }

@test 'a chart that helm cannot install' {
  answer 'helm * upgrade *alloy *' 1 'Error: cannot reach grafana.github.io\n'
  deploy
  exits_with 1
  warns 'cannot reach grafana.github.io' 'The chart alloy ' 'was not installed' '--charts-dir DIR' '--without alloy' 'Stopped in: Monitoring' \
    './deploy.sh continues from there'
  not_called 'helm *falco*'
}

@test 'an image that cannot be built' {
  answer 'docker build *' 1 'failed to resolve docker.io/n8nio/n8n\n'
  deploy
  exits_with 1
  warns 'failed to resolve' 'was not built' "Stopped in: n8n's image"
}

@test 'a package that cannot be built shows the last lines of npm' {
  answer 'npm run build *' 1 'error TS2304\n'
  deploy
  exits_with 1
  warns 'error TS2304' 'The package was not built' "$STATE/npm.log"
  not_called 'docker build *'
}

@test 'an image that cannot be loaded into the node' {
  answer 'kind load *incident-pipeline/n8n*' 1 'ERROR: content digest not found\n'
  deploy
  exits_with 1
  warns 'could not be loaded into the node' 'content digest not found' 'df -h' 'Stopped in: Images into the node'
}

@test 'an image that the node can pull instead' {
  answer 'kind load *busybox*' 1 'ERROR: content digest not found\n'
  deploy
  exits_with 0
  says 'busybox:1.37.0 could not be loaded into the node' 'content digest not found' 'The node tries to pull it'
}

@test 'Secrets that cannot be read are not made anew' {
  answer 'kubectl * get secrets *' 1 'etcdserver: request timed out\n'
  deploy
  exits_with 1
  warns 'request timed out' 'could not be read' 'Stopped in: Secrets'
  not_called '*kind/secrets.ts'
}

@test 'a rollout that does not end shows pods, events and log lines' {
  answer 'kubectl *-n monitoring rollout status statefulset/loki *' 1
  answer 'kubectl *-n monitoring get events *' 0 'Failed to pull image grafana/loki\n'
  answer 'kubectl *-n monitoring get pods --no-headers *' 0 'loki-0 False\npushgateway-0 True\n'
  answer 'kubectl *-n monitoring logs pod/loki-0 *' 0 'level=error no space left\n'
  deploy
  exits_with 1
  warns 'statefulset/loki is not ready after 180 s (namespace monitoring)' 'Failed to pull image grafana/loki' 'The last lines of pod/loki-0' \
    'no space left' 'run the same command again' 'Stopped in: All ready'
  not_called '*logs pod/pushgateway-0 *'
}

@test 'a pod that restarts is shown at once, once for each restart, and the wait goes on' {
  local asked="$BATS_TEST_TMPDIR/asked"
  # Ready at the third question; the pod has restarted once before the second.
  runs 'kubectl *-n n8n rollout status deployment/n8n *' "echo >>'$asked'; test \"\$(wc -l <'$asked')\" -ge 3"
  answer 'kubectl *-n n8n get pods --no-headers *RESTARTS*' 0 'n8n-1 False 1,0\nold-1 True 7\n'
  answer 'kubectl *-n n8n logs pod/n8n-1 *--previous*' 0 'Error: could not read the encryption key\n'
  WAIT_AT_MOST=20 deploy
  exits_with 0
  warns 'n8n-1 (namespace n8n) is not ready and has restarted (1,0 times)' 'could not read the encryption key'
  [[ "$(grep -c 'has restarted' <<<"$stderr")" == 1 ]] || complain 'the same restart is shown again'
  not_called '*logs pod/old-1 *'
}

@test 'a playground that never gets its ServiceAccount' {
  answer 'kubectl * get serviceaccount *' 1
  deploy
  exits_with 1
  warns 'no ServiceAccount default' 'Stopped in: Playground'
  not_called 'kubectl * apply *manifests/playground'
}

@test 'n8n that does not register its webhook' {
  answer 'curl *-d {} *' 0 404
  deploy
  exits_with 1
  warns 'does not answer POST http://127.0.0.1:30008/webhook/security-alerts with 401' 'Stopped in: n8n has its workflows'
}

@test 'n8n that refuses its owner' {
  answer 'curl *rest/login' 22 'The requested URL returned error: 429\n'
  deploy
  exits_with 1
  warns 'error: 429' "n8n refuses its owner's login" 'wait five minutes'
}

@test 'n8n without a credential, or with a workflow that is not active' {
  runs 'curl *rest/login' "touch '$STATE/session'"
  answer 'curl *rest/credentials' 0 '[{"id":"incident-alert-secret"},{"id":"incident-kubernetes"},{"id":"incident-loki"}]'
  deploy
  exits_with 1
  warns 'n8n lacks the credential incident-pushgateway' 'rollout restart deploy/n8n'
  n8n_answers
  answer 'curl *rest/workflows/incident-pipeline' 0 '{"active":false}'
  deploy
  exits_with 1
  warns 'The workflow incident-pipeline is not active' 'rollout restart deploy/n8n'
  [[ ! -e $STATE/session ]]
}
