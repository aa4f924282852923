# shellcheck shell=bash
# Checks this machine for the embedded stack's requirements before anything is installed, so it uses no Node packages.
# preflight.ts checks again when the stack starts, and knows exactly what is already built.

readonly GO_MIN=1.26.0 # the same as in goTools.ts; tests/local/doctor.test.ts compares them
readonly REDIS_MIN=7   # the same as in queue/redis.ts
readonly LOCAL_MEMORY_GIB=3
readonly QUEUE_MEMORY_GIB=2 # besides, with --scaled
readonly LOCAL_DISK_GIB=15
readonly LOCAL_PARTS=(pushgateway kubernetes prometheus loki) # servers.ts's

local_cache() { printf '%s/n8n-nodes-incident-pipeline' "${XDG_CACHE_HOME:-$HOME/.cache}"; }

# Whether an earlier start built or downloaded the servers, possibly at other versions.
servers_are_there() {
  local part
  for part in "${LOCAL_PARTS[@]}"; do
    compgen -G "$(local_cache)/servers/$part-????????????" >/dev/null && continue
    [[ $FROM_SOURCE == no ]] && compgen -G "$(local_cache)/servers/$part-release-????????????" >/dev/null || return 1
  done
}

n8n_is_installed() { compgen -G "$(local_cache)/n8n-????????????" >/dev/null; }

check_system() {
  if [[ $(uname -sm) == 'Linux x86_64' ]]; then
    fine 'Linux on x64, for which npm installs Node 24'
  else
    problem "This is $(uname -sm); the embedded stack runs on Linux x64." 'Use a physical or virtual Linux x64 machine, or the KIND cluster: ./deploy.sh'
  fi
}

# check_tool COMMAND: checks one of the tools that compile n8n's SQLite
check_tool() {
  if command -v "$1" >/dev/null; then
    fine "$1"
  else
    problem "$1 is missing; it is needed once to compile n8n's SQLite." "Install it: on Debian and Ubuntu, apt-get install $1"
  fi
}

# Without Go the servers can only be downloaded.
check_go() {
  local version
  if [[ $FROM_SOURCE == yes ]]; then
    check_version go "$GO_MIN" https://go.dev/dl/ version
    return
  fi
  version="$(first_version "$(go version 2>/dev/null)")"
  if at_least "${version:-0}" "$GO_MIN"; then
    fine "go $version"
  else
    hint "go $GO_MIN or newer is missing; it is needed if the servers cannot be downloaded from dl.k8s.io and github.com." \
      'Install it: https://go.dev/dl/'
  fi
}

check_builders() {
  local tool
  if servers_are_there; then fine 'the servers are there already'; else check_go; fi
  if n8n_is_installed; then
    fine 'n8n is installed already'
    return
  fi
  for tool in g++ make python3; do check_tool "$tool"; done
}

# The queue of --scaled; redis_major prints the version of the first server of PATH that tells it
redis_major() {
  local program
  for program in redis-server valkey-server; do
    { "$program" --version 2>/dev/null || true; } | sed -n 's/.* v=\([0-9]*\)\..*/\1/p'
  done | sort -rn | head -n 1
}

check_redis() {
  local major
  [[ $SCALED == yes ]] || return 0
  major="$(redis_major)"
  if ((${major:-0} >= REDIS_MIN)); then
    fine "Redis or Valkey $major"
  else
    problem "Redis $REDIS_MIN or newer is missing (redis-server or valkey-server)." 'Install it: on Debian and Ubuntu, apt-get install -y redis-server'
  fi
}

# A machine with less memory or disk is slow, but may still work.
check_room() {
  local available folder disk needed=$LOCAL_MEMORY_GIB
  [[ $SCALED == no ]] || needed=$((needed + QUEUE_MEMORY_GIB))
  available="$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' "${PROC_ROOT:-/proc}/meminfo" 2>/dev/null || true)"
  if [[ -n $available ]] && ((available < needed)); then
    hint "$available GiB of memory are free; the stack needs $needed." 'Stop other programs, or expect it to be slow.'
  fi
  ! { servers_are_there && n8n_is_installed; } || return 0
  folder="$(local_cache)"
  while [[ ! -d $folder ]]; do folder="$(dirname "$folder")"; done
  disk="$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1048576) }')"
  ((disk >= LOCAL_DISK_GIB)) ||
    hint "$disk GiB of disk are free under $folder; the first start needs $LOCAL_DISK_GIB." 'Free disk space, or set XDG_CACHE_HOME to a larger disk.'
}

local_doctor() {
  check_system
  check_version node 20 https://nodejs.org --version
  if command -v npm >/dev/null; then fine npm; else problem 'npm is missing.' 'It comes with Node.js; on Debian: apt-get install npm'; fi
  check_builders
  check_redis
  check_room
  check_databases
  check_model
  ((PROBLEMS == 0)) || refuse_machine
  say 'This machine has all that the embedded stack needs.'
}
