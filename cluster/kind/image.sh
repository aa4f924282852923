# shellcheck shell=bash
# Builds n8n's image with our nodes, and loads local images into the node, so that it does not have to pull them.

# The tag is the hash of the image's sources, so that the same sources are built and loaded once.
n8n_image() {
  local hash
  hash="$(cd "$ROOT" && find core app adapters nodes credentials gate manifests/n8n/image package.json package-lock.json tsconfig.json \
    tsconfig.build.json gulpfile.js -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)"
  printf 'incident-pipeline/n8n:%s' "${hash:0:12}"
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

build_image() {
  local image context=$STATE/image
  image="$(n8n_image)"
  ! has_image "$image" || return 0
  change stage_package "$context"
  change docker build --quiet --tag "$image" "$context" >/dev/null ||
    fail "The image $image was not built." "If n8n's image cannot be pulled, load it into docker, then run the same command again."
}

# The built package with its dependencies, exactly as locked.
stage_package() (
  umask 022 # n8n's user must be able to read the files that root copies
  local context=$1 package=$1/package log=$STATE/npm.log
  rm -rf "$context"
  mkdir -p "$package"
  if ! { npm run build --prefix "$ROOT" && cp "$ROOT"/{package.json,package-lock.json,.npmrc} "$package" &&
    npm ci --prefix "$package" --omit=dev --omit=peer --ignore-scripts --no-audit --no-fund; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail '' 'The package was not built.' "Check $log, then run the same command again."
  fi
  rm "$package/.npmrc"
  cp -R "$ROOT/dist" "$package/dist"
  cp "$ROOT"/manifests/n8n/image/{Dockerfile,keepEdits.mjs,start.sh} "$context"
)

# The images of our own manifests.
manifest_images() {
  grep -rhoE '^ +(- )?image: [^ ]+' "$ROOT/manifests/playground" "$ROOT/manifests/monitoring" | awk '{ print $NF }' | sort -u
}

node_images() { docker exec "$NODE" ctr --namespace k8s.io images ls -q 2>/dev/null || true; }

load_images() {
  local image held answer
  held="$(node_images)"
  for image in "$(n8n_image)" $(manifest_images); do
    # The node knows them by their full names: docker.io/library/busybox:…
    if grep -qE "(^|/)${image//./\\.}\$" <<<"$held" || ! { has_image "$image" || [[ $DRY_RUN == yes ]]; }; then continue; fi
    answer="$(change kind load docker-image "$image" --name "$CLUSTER" 2>&1)" || not_loaded "$image" "$answer"
  done
}

# n8n's image is available only here; the node can pull the others.
not_loaded() {
  local image=$1 answer=$2
  if [[ $image != incident-pipeline/* ]]; then
    hint "$image could not be loaded into the node: $(tail -n1 <<<"$answer")" 'The node tries to pull it.'
    return
  fi
  fail "$image could not be loaded into the node $NODE: $answer" \
    "Check: docker exec $NODE df -h /. With Docker's containerd image store some versions of kind cannot load images; install a newer kind. Then run the same command again."
}
