# shellcheck shell=bash
# One synthetic alert about a pod made for it, followed to the API server and to Loki; and what the isolation of that pod
# is worth on this cluster's network.

readonly TARGET=quarantine-probe
readonly PEER=quarantine-probe-peer

prove_response() {
  remove_probes
  make_probe "$TARGET" ''
  make_probe "$PEER" "$(address_of "$TARGET")"
  wait_until 20 reaches_both_ways ||
    not_ready playground "The pods $TARGET and $PEER do not reach each other before anything was isolated"
  wait_until 20 stream_grows || not_ready playground "No connection of $PEER to $TARGET came to stand"
  prove_alert
  probe_isolation
  remove_probes
}

# make_probe NAME TARGET-ADDRESS
make_probe() {
  sed -e "s/NAME/$1/" -e "s/'ADDRESS'/'$2'/" "$ROOT/cluster/kind/probe-pods.yaml" | apply -f -
  k wait --for=condition=Ready "pod/$1" -n playground --timeout=60s >/dev/null 2>&1 ||
    not_ready playground "The pod $1 is not ready after 60 s"
}

remove_probes() { k delete pod "$TARGET" "$PEER" -n playground --ignore-not-found --grace-period=0 --force >/dev/null 2>&1; }

address_of() { k get pod "$1" -n playground -o 'jsonpath={.status.podIP}'; }

# reaches FROM TO: by a new connection
reaches() { k exec -n playground "$1" -- wget -q -T 2 -O /dev/null "http://$(address_of "$2"):8080/"; }
reaches_both_ways() { reaches "$PEER" "$TARGET" && reaches "$TARGET" "$PEER"; }
# A pod in which nothing can be run at all proves nothing.
is_cut_both_ways() {
  runs_commands "$PEER" && runs_commands "$TARGET" && ! reaches "$PEER" "$TARGET" && ! reaches "$TARGET" "$PEER"
}
runs_commands() { k exec -n playground "$1" -- true; }

stream_size() { k exec -n playground "$TARGET" -- cat /tmp/stream | wc -c; }
stream_grows() {
  local before
  before="$(stream_size)"
  wait_until 3 stream_exceeds "$before"
}
stream_exceeds() { (($(stream_size) > $1)); }

now_ms() { node -p 'Date.now()'; }

prove_alert() {
  local uid answer incident started waiter
  uid="$(k get pod "$TARGET" -n playground -o 'jsonpath={.metadata.uid}')"
  k wait --for='jsonpath={.metadata.labels.security/quarantined}=true' "pod/$TARGET" -n playground --timeout=60s >/dev/null 2>&1 &
  waiter=$!
  started="$(now_ms)"
  answer="$(post_alert "$(synthetic_alert "$uid")")"
  incident="$(sed -n 's/.*"incident":"\([^"]*\)".*/\1/p' <<<"$answer")"
  [[ -n $incident ]] || fail "n8n did not accept the synthetic alert: $answer" "Look at $N8N_URL, then run the same command again."
  if wait "$waiter"; then
    finding alert "accepted; pod isolated $(($(now_ms) - started)) ms after the POST (incident $incident)"
    k get quarantine "$uid" -n n8n >/dev/null || fail "There is no record of the quarantine of $uid." 'Look at: kubectl get quarantines -n n8n'
  fi
  wait_until 30 in_loki "$incident" || not_ready monitoring "Incident $incident is not in Loki after 30 s"
  finding decision "$(decision_in_loki "$incident"), on record in Loki"
  is_isolated || isolate_by_hand
}

# An isolation is the playbook's answer to this rule; a model may find another.
is_isolated() { [[ "$(k get pod "$TARGET" -n playground -o 'jsonpath={.metadata.labels.security/quarantined}')" == true ]]; }

isolate_by_hand() {
  [[ -n "$(secret n8n n8n-import model)" ]] ||
    not_ready n8n "The pod playground/$TARGET was not quarantined within 60 s, and no model is configured that might have decided so"
  break_glass label pod "$TARGET" -n playground security/quarantined=true >/dev/null
}

synthetic_alert() {
  sed -e "s/UUID/$(node -p 'crypto.randomUUID()')/" -e "s/TIME/$(date -u +%FT%TZ)/" -e "s/\"UID\"/\"$1\"/" \
    "$ROOT/cluster/kind/synthetic-alert.json"
}

# The secret comes by a file descriptor: a process's arguments can be read by others.
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

# The pod bears the label and the NetworkPolicy is there. Whether that cuts it off is up to the network plugin.
probe_isolation() {
  local enforced=false cuts=false
  if wait_until 10 is_cut_both_ways; then
    enforced=true
    finding new-connections 'cut both ways after the quarantine'
    if stream_grows; then
      finding open-connections 'SURVIVE: one that was open before the quarantine still carries data; only delete_pod ends it'
    else
      cuts=true
      finding open-connections 'cut as well'
    fi
  else
    finding new-connections 'OPEN: this network plugin enforces no NetworkPolicy, so a quarantined pod keeps its network here'
    finding open-connections 'open, for the same reason'
  fi
  attest_network "$enforced" "$cuts"
  break_glass label pod "$TARGET" -n playground security/quarantined- >/dev/null
  wait_until 20 reaches_both_ways ||
    not_ready playground "The pods $TARGET and $PEER do not reach each other 20 s after the release"
  if [[ $enforced == true ]]; then finding after-release 'both ways open again'; else finding after-release 'unchanged'; fi
}

# What K8s Quarantine says of containment (full or partial) rests on this.
attest_network() {
  local network="{\"enforced\":$1,\"cutsOpenConnections\":$2}"
  break_glass patch responsepolicy default -n n8n --type merge --patch "{\"spec\":{\"network\":$network}}" >/dev/null
}
