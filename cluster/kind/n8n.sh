# shellcheck shell=bash
# Checks n8n from the user's point of view: it answers, accepts its owner's login, has its credentials, and runs its workflows.

readonly N8N_URL=http://127.0.0.1:30008

# secret NAMESPACE NAME KEY
secret() { k get secret "$2" -n "$1" -o "go-template={{with index .data \"$3\"}}{{. | base64decode}}{{end}}"; }

# n8n is on this machine, so requests do not use a proxy.
curl_n8n() { curl --noproxy '*' "$@"; }

# The request has no secret, so the trigger refuses it with 401; 404 means that n8n has not registered the webhook yet.
webhook_is_there() {
  local status
  status="$(curl_n8n -s -o /dev/null -w '%{http_code}' -X POST -H 'Content-Type: application/json' -d '{}' "$N8N_URL/webhook/security-alerts")"
  [[ $status == 401 ]]
}

# n8n ASKED-PATH: the editor's own API, with the session of sign_in
ask_n8n() { curl_n8n -sS --fail --cookie "$STATE/session" -H 'browser-id: deploy.sh' "$N8N_URL/rest/$1"; }

# n8n limits logins to a few in five minutes: each run logs in once.
sign_in() {
  printf '{"emailOrLdapLoginId":"%s","password":"%s"}' "$(secret n8n n8n ownerEmail)" "$(secret n8n n8n ownerPassword)" |
    curl_n8n -sS --fail -o /dev/null --cookie-jar "$STATE/session" -H 'browser-id: deploy.sh' -H 'Content-Type: application/json' \
      --data @- "$N8N_URL/rest/login"
}

# Asks n8n's API, since n8n's import commands report success after most errors.
verify_n8n() {
  local id credentials
  wait_until 60 webhook_is_there ||
    not_ready n8n "n8n does not answer POST $N8N_URL/webhook/security-alerts with 401 after 60 s"
  (
    umask 077
    trap 'rm -f "$STATE/session"' EXIT
    sign_in || fail "n8n refuses its owner's login." \
      'If you have signed in often in the last five minutes, wait five minutes. Then run the same command again.'
    credentials="$(ask_n8n credentials)"
    for id in incident-alert-secret incident-kubernetes incident-pushgateway incident-loki; do
      [[ $credentials == *"\"id\":\"$id\""* ]] || fail "n8n lacks the credential $id." "$(import_remedy)"
    done
    for id in $(secret n8n n8n-import published); do
      [[ "$(ask_n8n "workflows/$id")" == *'"active":true'* ]] || fail "The workflow $id is not active in n8n." "$(import_remedy)"
    done
  )
}

import_remedy() {
  printf 'Check the log of its start (kubectl --kubeconfig %s -n n8n logs deploy/n8n), publish it in the editor, or run again after:\n' "$KUBECONFIG_FILE"
  printf '  kubectl --kubeconfig %s -n n8n exec deploy/n8n -- rm /home/node/.n8n/incident-pipeline-imported\n' "$KUBECONFIG_FILE"
  printf '  kubectl --kubeconfig %s -n n8n rollout restart deploy/n8n' "$KUBECONFIG_FILE"
}
