# shellcheck shell=bash
# What the embedded stack needs of this machine, said before anything is installed: so without Node's packages, unlike
# preflight.ts, which looks again when the stack starts and knows exactly what is built.

readonly GO_MIN=1.26.0 # goTools.ts's; tests/local/doctor.test.ts holds the two together
readonly LOCAL_MEMORY_GIB=3
readonly LOCAL_DISK_GIB=15
readonly LOCAL_MODULES=(pushgateway kwok kubernetes prometheus loki) # servers.ts's

local_cache() { printf '%s/n8n-nodes-incident-pipeline' "${XDG_CACHE_HOME:-$HOME/.cache}"; }

# What was built by an earlier start, maybe at other versions.
servers_are_built() {
  local module
  for module in "${LOCAL_MODULES[@]}"; do
    compgen -G "$(local_cache)/servers/$module-????????????" >/dev/null || return 1
  done
}

n8n_is_installed() { compgen -G "$(local_cache)/n8n-????????????" >/dev/null; }

check_system() {
  if [[ $(uname -sm) == 'Linux x86_64' ]]; then
    fine 'Linux on x64, for which npm brings Node 24'
  else
    problem "This is $(uname -sm); the embedded stack runs on Linux x64." 'Use such a machine or a virtual one, or the KIND cluster: ./deploy.sh'
  fi
}

# check_tool COMMAND: one of those that compile n8n's SQLite
check_tool() {
  if command -v "$1" >/dev/null; then
    fine "$1"
  else
    problem "$1 is missing; it compiles n8n's SQLite, once." "Install it: on Debian and Ubuntu, apt-get install $1"
  fi
}

check_builders() {
  local tool
  if servers_are_built; then
    fine 'the servers are built already'
  else
    check_version go "$GO_MIN" https://go.dev/dl/ version
  fi
  if n8n_is_installed; then
    fine 'n8n is installed already'
    return
  fi
  for tool in g++ make python3; do check_tool "$tool"; done
}

# A tight machine is slow, and may still do.
check_room() {
  local available folder disk
  available="$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' "${PROC_ROOT:-/proc}/meminfo" 2>/dev/null || true)"
  if [[ -n $available ]] && ((available < LOCAL_MEMORY_GIB)); then
    hint "$available GiB of memory are free; the stack wants $LOCAL_MEMORY_GIB." 'End other programs, or expect it to be slow.'
  fi
  ! { servers_are_built && n8n_is_installed; } || return 0
  folder="$(local_cache)"
  while [[ ! -d $folder ]]; do folder="$(dirname "$folder")"; done
  disk="$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1048576) }')"
  ((disk >= LOCAL_DISK_GIB)) ||
    hint "$disk GiB of disk are free under $folder; the first start wants $LOCAL_DISK_GIB." 'Free some, or set XDG_CACHE_HOME to a larger disk.'
}

local_doctor() {
  check_system
  check_version node 20 https://nodejs.org --version
  if command -v npm >/dev/null; then fine npm; else problem 'npm is missing.' 'It comes with Node.js; on Debian: apt-get install npm'; fi
  check_builders
  check_room
  check_model
  ((PROBLEMS == 0)) || refuse_machine
  say 'This machine has all that the embedded stack needs.'
}
