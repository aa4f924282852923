# shellcheck shell=bash
# Sends one synthetic alert about a test pod, follows it to the API server and to Loki, and tests how well this cluster's network
# isolates that pod.

readonly TARGET=quarantine-probe
readonly PEER=quarantine-probe-peer
# Neither end of the peer's connection to it is quarantined.
readonly CONTROL=quarantine-probe-control
# Longer than the silence that heldConnections.ts requires.
readonly WATCH_SECONDS=12

prove_response() {
  remove_probes
  MARKS=''
  k create configmap quarantine-probe -n playground "--from-file=$ROOT/cluster/kind/probe-connections.sh" \
    --dry-run=client -o yaml | apply -f -
  make_probe "$TARGET"
  make_probe "$PEER"
  make_probe "$CONTROL"
  wait_until 20 reaches_both_ways ||
    not_ready playground "The pods $TARGET and $PEER do not reach each other before anything was isolated"
  hold_connections
  prove_alert
  probe_isolation
  remove_probes
}

# make_probe NAME
make_probe() {
  sed "s/NAME/$1/" "$ROOT/cluster/kind/probe-pods.yaml" | apply -f -
  k wait --for=condition=Ready "pod/$1" -n playground --timeout=60s >/dev/null 2>&1 ||
    not_ready playground "The pod $1 is not ready after 60 s"
}

remove_probes() {
  k delete pod "$TARGET" "$PEER" "$CONTROL" -n playground --ignore-not-found --grace-period=0 --force >/dev/null 2>&1
  k delete configmap quarantine-probe -n playground --ignore-not-found >/dev/null
}

address_of() { k get pod "$1" -n playground -o 'jsonpath={.status.podIP}'; }

# reaches FROM TO: by a new connection
reaches() { k exec -n playground "$1" -- wget -q -T 2 -O /dev/null "http://$(address_of "$2"):8080/"; }
reaches_both_ways() { reaches "$PEER" "$TARGET" && reaches "$TARGET" "$PEER"; }
# A pod that cannot run commands is not evidence of a cut connection.
is_cut_both_ways() {
  runs_commands "$PEER" && runs_commands "$TARGET" && ! reaches "$PEER" "$TARGET" && ! reaches "$TARGET" "$PEER"
}
runs_commands() { k exec -n playground "$1" -- true; }

# Three connections that stay open: one into the pod that will be quarantined, one out of it, and one as a control.
hold_connections() {
  local pod
  hold "$PEER" "$(address_of "$TARGET") $(address_of "$CONTROL")"
  hold "$TARGET" "$(address_of "$PEER")"
  for pod in "$TARGET" "$PEER" "$CONTROL"; do
    wait_until 20 has_arrivals "$pod" || not_ready playground "No connection to $pod could be held open"
  done
}

# hold POD ADDRESSES
hold() { k exec -n playground "$1" -- sh -c "echo '$2' >/tmp/hold"; }

# arrivals POD: prints the data that arrived over the connection to it
arrivals() { k exec -n playground "$1" -- cat /tmp/arrivals; }
has_arrivals() { (($(arrivals "$1" | wc -l) >= 20)); }

# mark NAME: records the time by the node's clock, which also stamps the arrivals
mark() { MARKS+="mark $1 $(k exec -n playground "$PEER" -- cut -d ' ' -f 1 /proc/uptime)"$'\n' || true; }

# Prints all observations, for openConnections.ts.
observations() {
  printf '%s' "$MARKS"
  arrivals "$TARGET" | sed 's/^/inbound /'
  arrivals "$PEER" | sed 's/^/outbound /'
  arrivals "$CONTROL" | sed 's/^/control /'
}

now_ms() { node -p 'Date.now()'; }

prove_alert() {
  local uid answer incident started waiter
  uid="$(k get pod "$TARGET" -n playground -o 'jsonpath={.metadata.uid}')"
  k wait --for='jsonpath={.metadata.labels.security/quarantined}=true' "pod/$TARGET" -n playground --timeout=60s >/dev/null 2>&1 &
  waiter=$!
  mark asked
  started="$(now_ms)"
  answer="$(post_alert "$(synthetic_alert "$uid")")"
  incident="$(sed -n 's/.*"incident":"\([^"]*\)".*/\1/p' <<<"$answer")"
  [[ -n $incident ]] || fail "n8n did not accept the synthetic alert: $answer" "Look at $N8N_URL, then run the same command again."
  if wait "$waiter"; then
    mark labelled
    finding alert "accepted; pod isolated $(($(now_ms) - started)) ms after the POST (incident $incident)"
    k get quarantine "$uid" -n n8n >/dev/null || fail "There is no record of the quarantine of $uid." 'Look at: kubectl get quarantines -n n8n'
  fi
  wait_until 30 in_loki "$incident" || not_ready monitoring "Incident $incident is not in Loki after 30 s"
  finding decision "$(decision_in_loki "$incident"), on record in Loki"
  is_isolated || isolate_by_hand
}

# The playbook isolates for this rule; a model may decide otherwise.
is_isolated() { [[ "$(k get pod "$TARGET" -n playground -o 'jsonpath={.metadata.labels.security/quarantined}')" == true ]]; }

isolate_by_hand() {
  [[ -n "$(secret n8n n8n-import model)" ]] ||
    not_ready n8n "The pod playground/$TARGET was not quarantined within 60 s, and no model is configured that might have decided so"
  break_glass label pod "$TARGET" -n playground security/quarantined=true >/dev/null
  mark labelled
}

synthetic_alert() {
  sed -e "s/UUID/$(node -p 'crypto.randomUUID()')/" -e "s/TIME/$(date -u +%FT%TZ)/" -e "s/\"UID\"/\"$1\"/" \
    "$ROOT/cluster/kind/synthetic-alert.json"
}

# The secret is passed by a file descriptor: other users can read a process's arguments.
post_alert() {
  curl_n8n -sS -X POST -H 'Content-Type: application/json; charset=utf-8' -H 'User-Agent: Falcosidekick' \
    -H @<(printf 'X-Alert-Secret: %s' "$(secret n8n n8n webhookSecret)") --data "$1" "$N8N_URL/webhook/security-alerts"
}

loki_answer() {
  local query="%7Bjob%3D%22incident-pipeline%22%7D%7Cincident_id%3D%22$1%22"
  k get --raw "/api/v1/namespaces/monitoring/services/http:loki:3100/proxy/loki/api/v1/query_range?query=$query"
}
in_loki() { [[ "$(loki_answer "$1")" == *"$1"* ]]; }
decision_in_loki() { loki_answer "$1" | grep -oE '"decision":"[a-z_]+"' | head -n1 | cut -d'"' -f4; }

# The pod has the label and the NetworkPolicy exists. Whether that isolates the pod depends on the network plugin.
probe_isolation() {
  local enforced=false cuts=false
  if wait_until 10 is_cut_both_ways; then
    enforced=true
    finding new-connections 'cut both ways after the quarantine'
  else
    finding new-connections 'OPEN: this network plugin enforces no NetworkPolicy, so a quarantined pod keeps its network here'
  fi
  mark closed
  sleep "${WAIT_AT_MOST:-$WATCH_SECONDS}"
  mark end
  judge_open_connections "$enforced"
  [[ $VERDICT != cut || $enforced == false ]] || cuts=true
  attest_network "$enforced" "$cuts"
  break_glass label pod "$TARGET" -n playground security/quarantined- >/dev/null
  wait_until 20 reaches_both_ways ||
    not_ready playground "The pods $TARGET and $PEER do not reach each other 20 s after the release"
  if [[ $enforced == true ]]; then finding after-release 'both ways open again'; else finding after-release 'unchanged'; fi
}

# judge_open_connections ENFORCED: sets VERDICT. An uncertain result counts as not cut.
judge_open_connections() {
  local reason='' held=''
  VERDICT=''
  { read -r VERDICT && read -r reason && read -r held; } < <(observations | tsx "$ROOT/cluster/kind/openConnections.ts") ||
    true
  finding held-connections "${held:-none}"
  case $VERDICT in
    cut) finding open-connections "cut as well: $reason" ;;
    survives)
      if [[ $1 == true ]]; then
        finding open-connections "SURVIVE: $reason; only delete_pod ends them"
      else
        finding open-connections "open, for the same reason: $reason"
      fi
      ;;
    *) finding open-connections "UNKNOWN, which counts as not cut: ${reason:-nothing could be seen}" ;;
  esac
}

# K8s Quarantine uses this to report containment as full or partial.
attest_network() {
  local network="{\"enforced\":$1,\"cutsOpenConnections\":$2}"
  break_glass patch responsepolicy default -n n8n --type merge --patch "{\"spec\":{\"network\":$network}}" >/dev/null
}
