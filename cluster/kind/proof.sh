# shellcheck shell=bash
# After the install: verifies that the system works. The results are kept in the cluster, for --status and for the next run.

readonly PROOF=incident-pipeline-proof # a ConfigMap in namespace n8n

# finding NAME TEXT: prints the result and records it
finding() {
  printf '  %-22s %s\n' "$1" "$2"
  FINDINGS+=("--from-literal=$1=$2")
}

FINDINGS=()

# The proof depends on the running pods: other pods need another proof.
running_pods() {
  k get pods -A -o 'jsonpath={range .items[*]}{.metadata.namespace}{" "}{.spec.containers[*].image}{"\n"}{end}' |
    grep -E '^(n8n|security|monitoring) ' | sort | cat - "$ROOT/manifests/token/roles.yaml" | sha256sum | cut -c1-12
}

proven_for() { k get configmap "$PROOF" -n n8n -o 'jsonpath={.data.proven-for}' 2>/dev/null; }

prove_if_changed() {
  if [[ "$(proven_for)" == "$(running_pods)" ]]; then
    say '       Nothing changed since the last proof; ./deploy.sh --self-test repeats it.'
    return
  fi
  prove
}

prove() {
  FINDINGS=()
  stage 'n8n has its workflows' verify_n8n
  stage 'Rights' prove_rights
  stage 'Falcosidekick refuses others' prove_falcosidekick
  stage 'Self-test and quarantine probe' prove_response
  FINDINGS+=("--from-literal=proven-for=$(running_pods)" "--from-literal=at=$(date -u +%FT%TZ)")
  k create configmap "$PROOF" -n n8n "${FINDINGS[@]}" --dry-run=client -o yaml | apply -f -
}

# Compares the responder's rights, as the API server reports them, with the reviewed list in the manifests.
prove_rights() {
  local namespace kind
  while read -r namespace kind; do
    printf '{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectRulesReview","spec":{"namespace":"%s"}}' "$namespace" |
      k create --validate=false -f - -o json --as=system:serviceaccount:n8n:n8n-responder --as-group=system:serviceaccounts \
        --as-group=system:serviceaccounts:n8n --as-group=system:authenticated |
      tsx "$ROOT/cluster/kind/rights.ts" "$kind" ||
      fail '' "In namespace $namespace the responder's rights are not those of manifests/token/responder-rights.json." \
        'Another role is bound to it: kubectl get rolebindings,clusterrolebindings -A -o wide | grep n8n-responder. Remove that binding, then run the same command again.'
  done <<'NAMESPACES'
playground optedIn
n8n own
default everyone
kube-system everyone
NAMESPACES
  finding rights 'exactly those of manifests/token/responder-rights.json, in four namespaces'
}

# Falcosidekick accepts alerts from any client unless its input is secured: by mutual TLS, and by a NetworkPolicy if those are
# enforced.
prove_falcosidekick() {
  local url
  if ! k get deployment falco-falcosidekick -n security >/dev/null 2>&1; then
    finding falcosidekick 'not installed'
    return
  fi
  # A Falcosidekick that does not run would also refuse every request.
  await_rollout security deployment/falco-falcosidekick 60
  # Otherwise a failed command would look like a refusal.
  k exec -n playground test-shell -- true >/dev/null 2>&1 || not_ready playground 'The pod test-shell runs no command'
  for url in https://falco-falcosidekick.security:2801 http://falco-falcosidekick.security:2801; do
    if k exec -n playground test-shell -- wget -q -T 3 -O /dev/null --post-data '{}' "$url/" >/dev/null 2>&1; then
      fail "Falcosidekick accepts alerts from any pod: POST $url from playground/test-shell was answered." \
        'Check that the chart runs with manifests/falco/values.yaml: helm get values falco -n security. Then run the same command again.'
    fi
  done
  finding falcosidekick 'refuses a POST from playground/test-shell'
}
