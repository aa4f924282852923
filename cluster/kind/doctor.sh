# shellcheck shell=bash
# The requirements of this machine. Each check prints its result; a problem comes with its remedy.

read -ra PORTS <<<"${PORTS_TO_PUBLISH:-30008 30123 30300 30900 32040}" # the ports of kind-config.yaml; tests use others
readonly INOTIFY_INSTANCES_MIN=512
readonly INOTIFY_WATCHES_MIN=524288

PROBLEMS=0

fine() { [[ $VERBOSE == no ]] || printf '  ok       %s\n' "$1"; }
hint() { printf '  hint     %s\n           %s\n' "$1" "$2"; }
problem() {
  PROBLEMS=$((PROBLEMS + 1))
  printf '  problem  %s\n           %s\n' "$1" "$2" >&2
}

# at_least VERSION MINIMUM: both consist of numbers and dots
at_least() { [[ "$(printf '%s\n' "$2" "$1" | sort -V | head -n1)" == "$2" ]]; }

# first_version TEXT: prints the first part that looks like a version
first_version() { grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' <<<"$1" | head -n1 || true; }

# check_version COMMAND MINIMUM WHERE [ARGUMENT...]: the arguments make it print its version
check_version() {
  local command=$1 minimum=$2 where=$3 version
  shift 3
  if ! command -v "$command" >/dev/null; then
    problem "$command is missing." "Install $command $minimum or newer: $where"
    return
  fi
  version="$(first_version "$("$command" "$@" 2>/dev/null)")"
  if at_least "${version:-0}" "$minimum"; then
    fine "$command $version"
  else
    problem "$command is ${version:-of unknown version}; $minimum or newer is needed." "Install a newer one: $where"
  fi
}

check_docker() {
  local answer memory
  if ! command -v docker >/dev/null; then
    problem 'docker is missing.' 'Install Docker Engine or Docker Desktop: https://docs.docker.com/engine/install/'
    return
  fi
  # If the daemon does not answer, some versions still exit 0 and print a memory of 0; some warn and then answer.
  answer="$(docker info --format '{{.MemTotal}}' 2>&1)" || true
  memory="$(grep -xE '[1-9][0-9]*' <<<"$answer" || true)"
  if [[ -n $memory ]]; then
    check_memory "$memory"
  elif [[ $answer == *'permission denied'* ]]; then
    problem 'docker is installed, but this user may not use it.' \
      "sudo usermod -aG docker \"\$USER\", log in again, and run this again."
  else
    problem "docker does not answer: $(grep -vx 0 <<<"$answer" | tail -n1)" 'Start it (sudo systemctl start docker, or Docker Desktop), then run this again.'
  fi
}

# The memory in MiB that the selected components need to start; docs/kind.md has their limits.
memory_wanted() {
  local mib=3072
  ! wants kube-prometheus-stack || mib=$((mib + 1536))
  ! wants alloy || mib=$((mib + 256))
  ! wants falco || mib=$((mib + 1280))
  echo "$mib"
}

# check_memory BYTES: the memory for containers. --status and --down need none.
check_memory() {
  local mib=$(($1 / 1048576)) wanted
  wanted="$(memory_wanted)"
  if ((mib >= wanted)) || ! is_installing; then
    fine "docker, with $mib MiB of memory"
  else
    problem "docker has $mib MiB of memory; the selected components need $wanted." \
      'Give Docker more (Docker Desktop: Settings, Resources), or leave components out: --without kube-prometheus-stack,alloy'
  fi
}

# Whether this action installs something, or checks the machine for an installation.
is_installing() { [[ $ACTION == up || $ACTION == doctor ]]; }

check_tools() {
  local tool where=https://kind.sigs.k8s.io/docs/user/quick-start/#installation
  check_docker
  if [[ -n $NODE_IMAGE ]] || ! is_installing; then
    check_version kind 0.27.0 "$where" version
  else
    check_version kind "$KIND_MIN" "$where" version
  fi
  check_version kubectl "$KUBECTL_MIN" https://kubernetes.io/docs/tasks/tools/ version --client
  ! wants_charts || ! is_installing || check_version helm "$HELM_MIN" https://helm.sh/docs/intro/install/ version --short
  ! is_installing || check_version node 20 https://nodejs.org --version
  for tool in npm curl sha256sum awk; do
    if command -v "$tool" >/dev/null; then fine "$tool"; else problem "$tool is missing." "Install it from your system's packages."; fi
  done
}

# Each port must be free, unless our existing cluster publishes it.
check_ports() {
  local port
  ! cluster_exists || return 0
  for port in "${PORTS[@]}"; do
    if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      problem "Port $port on 127.0.0.1 is taken." \
        "Stop the program that listens there (ss -ltnp 'sport = :$port' shows it; ./deploy.sh --local --down stops the embedded stack)."
    else
      fine "port $port is free"
    fi
  done
}

# Falco's kernel requirements; KIND's node shares this machine's kernel.
check_kernel() {
  local proc=${PROC_ROOT:-/proc} sys=${SYS_ROOT:-/sys}
  [[ $(uname -s) == Linux ]] || return 0
  check_limit "$proc/sys/fs/inotify/max_user_instances" fs.inotify.max_user_instances "$INOTIFY_INSTANCES_MIN"
  check_limit "$proc/sys/fs/inotify/max_user_watches" fs.inotify.max_user_watches "$INOTIFY_WATCHES_MIN"
  wants falco || return 0
  if [[ -r $sys/kernel/btf/vmlinux ]]; then
    fine "the kernel has BTF, which Falco's driver needs"
  else
    problem "The kernel has no BTF (/sys/kernel/btf/vmlinux), so Falco's driver cannot be loaded." \
      'Use a kernel of 5.8 or newer with CONFIG_DEBUG_INFO_BTF=y, as distributions ship it; or leave Falco out: --without falco'
  fi
}

# check_limit FILE NAME MINIMUM: below the minimum, Falco does not start; other pods usually do.
check_limit() {
  local value remedy
  value="$(cat "$1" 2>/dev/null)" || return 0
  remedy="sudo sysctl -w $2=$3 (and a file in /etc/sysctl.d to keep it)"
  if ((value >= $3)); then
    fine "$2 is $value"
  elif wants falco; then
    problem "$2 is $value; Falco needs $3." "$remedy"
  else
    hint "$2 is $value; with many pods $3 is needed." "$remedy"
  fi
}

# For --status, --self-test and --down, which install nothing.
require_tools() {
  check_tools
  ((PROBLEMS == 0)) || exit 2
}

# Otherwise an incomplete configuration would be noticed only after the cluster was created.
check_model() { ! half_a_model || problem "$MODEL_PROBLEM" "$MODEL_REMEDY"; }

# Runs all checks, then reports every problem together.
check_machine() {
  check_tools
  check_charts
  check_model
  if ((PROBLEMS == 0)); then check_ports; fi
  check_kernel
  # A dry run prints its plan first, and then fails with the same message.
  ((PROBLEMS == 0)) || [[ $DRY_RUN == yes ]] || refuse_machine
}

refuse_machine() {
  fail '' "Nothing was changed. Fix the problems above ($PROBLEMS), then run the same command again."
}
