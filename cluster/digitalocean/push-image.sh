#!/usr/bin/env bash
# Builds n8n's image with our nodes, pushes it to the stack's registry, and sets it in the stack's configuration. Run it after
# the first `pulumi up`, and whenever the nodes have changed; then run `pulumi up` again. It needs docker, pulumi and
# DIGITALOCEAN_TOKEN:
#   pulumi env run workshops/security -- ./push-image.sh
set -euo pipefail
umask 077 # the token is in a file for a while

readonly HOST=registry.digitalocean.com
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/../.." && pwd)"
readonly HERE ROOT

STATE="$(mktemp -d)"
readonly STATE

# After a failed run the log stays, and the message names it; the login never stays.
clean_up() {
  local code=$?
  rm -rf "$STATE/docker" "$STATE/image"
  if ((code == 0)) || [[ ! -e $STATE/npm.log ]]; then rm -rf "$STATE"; fi
}
trap clean_up EXIT

# fail MESSAGE...: what happened, and what to do
fail() {
  printf '%s\n' "$@" >&2
  exit 2
}

# The same image as on KIND: the same sources give the same tag.
# shellcheck source=../kind/image.sh
source "$ROOT/cluster/kind/image.sh"

check() {
  local tool
  for tool in docker pulumi npm; do
    command -v "$tool" >/dev/null || fail "$tool is missing." "Install it, then run this again."
  done
  [[ -n ${DIGITALOCEAN_TOKEN:-} ]] ||
    fail 'DIGITALOCEAN_TOKEN is not set.' 'Run: pulumi env run workshops/security -- ./push-image.sh'
}

# The tools that build the image's package; `npm ci` in this folder does not install them.
install_dependencies() {
  local installed="$ROOT/node_modules/.package-lock.json"
  [[ -e $installed && ! $ROOT/package-lock.json -nt $installed ]] && return
  echo "Installing the project's dependencies …"
  npm ci --prefix "$ROOT" --ignore-scripts
}

# registry_of: prints the registry from the stack's output; the first `pulumi up` creates it.
registry_of() {
  pulumi stack output registry --cwd "$HERE" 2>/dev/null ||
    fail 'This stack has no registry yet.' 'Select the stack (pulumi stack select) and run pulumi up first; it leaves n8n out until there is an image.'
}

# Keeps the server of the user's docker context, which another DOCKER_CONFIG does not have.
keep_server() {
  [[ -z ${DOCKER_HOST:-} ]] || return 0
  DOCKER_HOST="$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null)" || return 0
  unset DOCKER_CONTEXT # it would take precedence
  export DOCKER_HOST
}

# Docker's login, in a folder that is deleted after this run: no other process sees the token, and nothing keeps it.
log_in() {
  local login
  keep_server
  login="$(printf '%s:%s' "$DIGITALOCEAN_TOKEN" "$DIGITALOCEAN_TOKEN" | base64 | tr -d '\n')"
  mkdir -p "$STATE/docker"
  printf '{"auths":{"%s":{"auth":"%s"}}}' "$HOST" "$login" >"$STATE/docker/config.json"
  export DOCKER_CONFIG="$STATE/docker"
}

main() {
  local registry image tag
  check
  registry="$(registry_of)"
  tag="$(n8n_image)"
  image="$HOST/$registry/n8n:${tag##*:}"
  install_dependencies
  stage_package "$STATE/image"
  rm -f "$STATE/npm.log" # not needed after a successful build
  # The nodes of the cluster and App Platform are x86-64, whatever this machine is.
  docker build --platform linux/amd64 --tag "$image" "$STATE/image"
  log_in
  docker push "$image" ||
    fail "$image was not pushed." 'If DigitalOcean refused the token: it needs the scopes registry:read, registry:create and registry:update.'
  pulumi config set n8n-image "$image" --cwd "$HERE"
  printf '%s\n' "Pushed $image." 'Run pulumi up to deploy it.'
}

main "$@"
