#!/usr/bin/env bats
# What the proof finds, and what it makes of what it finds.

load support/kind

setup() {
  prepare_run
  answer 'kind get clusters' 0 'incident-pipeline\n'
}

# How one of the probe's pods asks the other.
readonly REACHES='kubectl *exec -n playground quarantine-probe* wget *'

nobody_quarantines() {
  answer 'kubectl * wait --for=jsonpath=*security/quarantined* *' 1
  answer 'kubectl *get pod quarantine-probe *security/quarantined}' 0 ''
}

@test 'a network that enforces policies but leaves open connections' {
  deploy --self-test
  exits_with 0
  says 'cut both ways after the quarantine' 'SURVIVE: inbound connection 1 goes on; only delete_pod' 'both ways open again' \
    'held-connections       inbound connection 1; outbound connection 1; control connection 1'
  called 'kubectl *security:break-glass patch responsepolicy *{"enforced":true,"cutsOpenConnections":false}*' \
    'kubectl *security:break-glass label pod quarantine-probe *security/quarantined-' 'kubectl * create configmap incident-pipeline-proof *--from-literal=open-connections=SURVIVE*'
}

@test 'a network that cuts open connections too' {
  held_connections cut 'both are silent' 'inbound connection 1'
  deploy --self-test
  exits_with 0
  says 'open-connections       cut as well: both are silent'
  called 'kubectl * patch responsepolicy *{"enforced":true,"cutsOpenConnections":true}*'
}

@test 'what is not known of open connections is not attested' {
  held_connections unknown 'no inbound connection was standing' none
  deploy --self-test
  exits_with 0
  says 'UNKNOWN, which counts as not cut: no inbound connection was standing' 'held-connections       none'
  called 'kubectl * patch responsepolicy *{"enforced":true,"cutsOpenConnections":false}*'
}

@test 'nor is it where the judgement itself fails' {
  answer 'tsx *openConnections.ts' 1
  deploy --self-test
  exits_with 0
  says 'UNKNOWN, which counts as not cut: nothing could be seen'
  called 'kubectl * patch responsepolicy *{"enforced":true,"cutsOpenConnections":false}*'
}

@test 'a verdict of cut counts for nothing where new connections are not cut' {
  answer "$REACHES"
  held_connections cut 'both are silent' 'inbound connection 1'
  deploy --self-test
  exits_with 0
  called 'kubectl * patch responsepolicy *{"enforced":false,"cutsOpenConnections":false}*'
}

@test 'connections are held before the alert, and their numbers and the times are judged' {
  deploy --self-test
  exits_with 0
  called "kubectl *exec -n playground quarantine-probe-peer -- sh -c echo * >/tmp/hold" \
    "kubectl *exec -n playground quarantine-probe -- sh -c echo * >/tmp/hold" \
    'kubectl *quarantine-probe-control -- cat /tmp/arrivals' 'kubectl *cut -d   -f 1 /proc/uptime' \
    'curl *--data *security-alerts' 'kubectl *cut -d   -f 1 /proc/uptime' 'tsx *openConnections.ts' \
    'kubectl * label pod quarantine-probe *security/quarantined-'
  local seen
  seen="$(<"$FAKE_INPUT")"
  for line in 'mark asked 100.00' 'mark labelled 100.00' 'mark closed 100.00' 'mark end 100.00' 'inbound 1.50 1 30' \
    'outbound 1.50 1 30' 'control 1.50 1 30'; do
    [[ $seen == *"$line"* ]] || complain "not judged: $line"
  done
}

@test 'without a connection that is held nothing is proven' {
  runs 'kubectl *quarantine-probe-control -- cat /tmp/arrivals' 'echo 1.50 1 1'
  deploy --self-test
  exits_with 1
  warns 'No connection to quarantine-probe-control could be held open'
  not_called 'curl *--data *security-alerts' 'kubectl * patch responsepolicy *'
}

@test 'a network that enforces no policies' {
  answer "$REACHES"
  deploy --self-test
  exits_with 0
  says 'new-connections        OPEN' 'open-connections       open, for the same reason: inbound connection 1 goes on' 'after-release          unchanged'
  called 'kubectl * patch responsepolicy *{"enforced":false,"cutsOpenConnections":false}*' 'kubectl * create configmap incident-pipeline-proof *'
}

@test 'Falcosidekick that takes an alert from a pod' {
  answer 'kubectl *exec -n playground test-shell *--post-data *'
  deploy --self-test
  exits_with 1
  warns "accepts alerts from any pod: POST https://falco-falcosidekick.security:2801" 'helm get values falco' 'Stopped in: Falcosidekick refuses others'
  not_called 'kubectl * create configmap incident-pipeline-proof *'
}

@test 'nothing is said of Falcosidekick by a pod that runs nothing' {
  answer 'kubectl *exec -n playground test-shell *' 1
  deploy --self-test
  exits_with 1
  warns 'The pod test-shell runs no command' 'Stopped in: Falcosidekick refuses others'
  [[ $output != *'refuses a POST'* ]]
}

@test 'rights that differ from the list' {
  answer 'tsx *rights.ts everyone' 1 '  too much: get secrets\n'
  deploy --self-test
  exits_with 1
  warns 'too much: get secrets' "In namespace default the responder's rights are not those" 'get rolebindings,clusterrolebindings' 'Stopped in: Rights'
  not_called '*quarantine-probe*'
}

@test 'an alert that n8n does not take' {
  answer 'curl *--data *security-alerts' 0 '{"message":"Forbidden"}'
  deploy --self-test
  exits_with 1
  warns 'did not accept the synthetic alert: {"message":"Forbidden"}'
}

@test 'a pod that nobody quarantines, by the playbook' {
  nobody_quarantines
  deploy --self-test
  exits_with 1
  warns 'was not quarantined within 60 s, and no model is configured'
}

@test 'a pod that a model does not quarantine is isolated for the rest of the proof' {
  nobody_quarantines
  answer 'kubectl * get secret n8n-import *"model"*' 0 some-model
  deploy --self-test
  exits_with 0
  called 'kubectl *security:break-glass label pod quarantine-probe *security/quarantined=true' 'kubectl * patch responsepolicy *'
}

@test 'an incident that is not on record' {
  answer 'kubectl *get --raw *loki*' 0 '{"status":"success"}'
  deploy --self-test
  exits_with 1
  warns 'Incident inc-1 is not in Loki after 30 s'
}

@test 'a quarantine that does not end' {
  answer_after 'kubectl * label pod quarantine-probe *security/quarantined-' "$REACHES" 1
  deploy --self-test
  exits_with 1
  warns 'do not reach each other 20 s after the release'
  not_called 'kubectl * create configmap incident-pipeline-proof *'
}

@test 'pods that never reached each other prove nothing' {
  answer "$REACHES" 1
  deploy --self-test
  exits_with 1
  warns 'do not reach each other before anything was isolated'
  not_called 'curl *--data *security-alerts'
}
