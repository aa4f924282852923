# shellcheck shell=bash disable=SC2034 # read by the files that deploy.sh sources beside this one
# Every version that deploy.sh installs. Images of our own manifests are named there, charts' images in their values.

readonly KIND_MIN=0.32.0 # older ones cannot load images into the node image below
readonly KUBECTL_MIN=1.28.0
readonly HELM_MIN=3.14.0
readonly NODE_IMAGE_PINNED=kindest/node:v1.36.4@sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed

readonly FALCO_CHART=9.1.0
readonly FALCO_REPOSITORY=https://falcosecurity.github.io/charts
readonly PROMETHEUS_CHART=88.5.3
readonly PROMETHEUS_REPOSITORY=https://prometheus-community.github.io/helm-charts
readonly ALLOY_CHART=1.11.1
readonly ALLOY_REPOSITORY=https://grafana.github.io/helm-charts

# Further charts that cluster/digitalocean installs; it reads the charts above from here too.
readonly TRIVY_CHART=0.34.0
readonly TRIVY_REPOSITORY=https://aquasecurity.github.io/helm-charts
readonly KYVERNO_CHART=3.9.0
readonly KYVERNO_REPOSITORY=https://kyverno.github.io/kyverno

# Components that can be left out, by release name, if their images are not available or another one already runs.
readonly OPTIONAL=(kube-prometheus-stack alloy falco)
