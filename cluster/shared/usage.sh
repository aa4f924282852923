# shellcheck shell=bash
# What ./deploy.sh --help says.

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [--node-image IMAGE] [--charts-dir DIR] [--without NAME,…] [--dry-run]
       ./deploy.sh --doctor | --status | --self-test | --down
       ./deploy.sh --local [--scaled [--workers N]] [--from-source]
                           [--alert NAME | --scenario NAME [--without-custom-fields] | --status | --doctor |
                            --down [--purge]]

Without options it installs the whole system in a KIND cluster, or continues where it stopped,
verifies that it works, and prints all addresses. It needs docker, kind, kubectl and helm.

  --doctor            check this machine and report what is missing; changes nothing
  --dry-run           print each command that would change something; changes nothing
  --status            the memory of each namespace, pods that are not ready, the results of the last proof
  --self-test         repeat the proof: rights, a synthetic alert, what a quarantine cuts off
  --down              delete the cluster and everything in it
  --node-image IMAGE  KIND's node image, if the pinned one cannot be pulled
  --charts-dir DIR    read the Helm charts from a folder (NAME-VERSION.tgz or NAME/)
  --without NAME,…    leave components out: kube-prometheus-stack, alloy, falco

  --local         the embedded stack on this machine: n8n with the workflow, a Kubernetes control
                  plane, Loki, Prometheus and a Pushgateway. No Docker, no cloud account.
                  Alone it starts every stopped component and returns when all are healthy.
  --scaled        n8n in queue mode: main process, webhook processors and workers, with PostgreSQL and
                  Redis (redis-server or valkey-server of PATH). It stays so until --down.
  --workers N     how many workers, 1 to 9; two if not set
  --from-source   build the servers from source, even where their official releases could be downloaded
  --alert NAME    start stopped components, send an alert, follow it to its end.
                  NAME: pod-delete-test, pod-quarantine-test, escalate-test or test-shell
  --scenario NAME start stopped components, with simulators of PagerDuty and Pulumi Neo, and follow
                  a detector's report from PagerDuty to Neo's pull request or findings. Where Neo asks
                  for an approval, the command gives it in place of a person.
                  NAME: shell-in-pod, critical-cve, privileged-pod or resource-exhaustion
  --without-custom-fields  with --scenario: the report does not say where the code is
  --status        show each component and its health, n8n's login, and the page for approvals, on one screen
  --doctor        check this machine for what the embedded stack needs; changes nothing
  --down          stop everything; with --purge remove its data too

Exit codes:
  0    done; with --status: all is well
  1    something failed or is not well; it is named, with what to do
  2    refused before anything was changed: the command line, or what this machine lacks
  130  stopped by Ctrl-C; the same command continues (143: stopped by SIGTERM)

Decisions come from a playbook, or from any OpenAI-compatible model:
  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL
USAGE
}
