# shellcheck shell=bash
# Node and the project's dependencies, which everything but deploy.sh itself runs on.

readonly NODE_TO_INSTALL=20 # npm runs on it and installs the pinned Node for everything else
readonly NODE_TO_RUN=24

node_major() {
  local version
  version="$("$1" --version 2>/dev/null)" || version=v0
  version="${version#v}"
  printf '%s' "${version%%.*}"
}

check_node() {
  local found
  if ! command -v node >/dev/null; then
    fail "node $NODE_TO_INSTALL or newer is missing." "Install it from your system's packages or from nodejs.org, then run this again."
  fi
  if (($(node_major node) < NODE_TO_INSTALL)); then
    found="$(node --version 2>/dev/null)" || found='of unknown version'
    fail "node is $found ($(command -v node)); $NODE_TO_INSTALL or newer is needed." \
      "Install it from your system's packages or from nodejs.org, put it first in PATH, then run this again. Nothing was installed."
  fi
  command -v npm >/dev/null ||
    fail "npm is missing." "It comes with Node.js; on Debian: apt-get install npm. Then run this again."
}

install_dependencies() {
  local installed="$ROOT/node_modules/.package-lock.json"
  [[ -e $installed && ! $ROOT/package-lock.json -nt $installed ]] && return
  local since=$SECONDS
  echo "Installing the project's dependencies into node_modules, about a minute …"
  npm ci --prefix "$ROOT" --ignore-scripts || {
    printf '%s\n' '' "npm could not install the project's dependencies; its reason is above." \
      "Check the network to the npm registry (npm ping; behind a proxy: HTTPS_PROXY, or npm config set proxy) and the free disk space (1 GB), then run the same command again." >&2
    exit 1
  }
  echo "The project's dependencies took $((SECONDS - since)) s."
}

# The pinned Node is a package for Linux on x64; on other systems the user's own Node is used.
use_pinned_node() {
  PATH="$ROOT/node_modules/.bin:$PATH"
  (($(node_major node) >= NODE_TO_RUN)) ||
    fail "node is $(node --version); this system needs Node $NODE_TO_RUN or newer of its own." "Install it, then run this again."
}
