#!/usr/bin/env bash
# A machine that has all that a KIND cluster takes, and tools that answer as they do in a run without trouble. A test
# answers otherwise where its trouble is.

load support/deploy

# Call it from setup, in place of prepare_deploy.
prepare_machine() {
  prepare_deploy
  fake node npm docker kind kubectl helm curl
  fake_installed node tsx
  answer 'node --version' 0 'v24.21.0\n'
  answer 'docker info *' 0 '8589934592\n'
  answer 'kind version' 0 'kind v0.32.0 go1.25.1 linux/amd64\n'
  answer 'kubectl version --client' 0 'Client Version: v1.36.1\nKustomize Version: v5.8.1\n'
  answer 'helm version --short' 0 'v4.0.1+g12345\n'
  export PROC_ROOT="$BATS_TEST_TMPDIR/proc" SYS_ROOT="$BATS_TEST_TMPDIR/sys"
  mkdir -p "$PROC_ROOT/sys/fs/inotify" "$SYS_ROOT/kernel/btf"
  touch "$SYS_ROOT/kernel/btf/vmlinux"
  inotify_limits 1024 1048576
  # Nobody listens on the first port, whereas the real ones may well be another cluster's.
  export PORTS_TO_PUBLISH=1 WAIT_AT_MOST=0
  unset OPENAI_MODEL
  CLUSTER=incident-pipeline
  STATE="$CHECKOUT/.kind"
}

# inotify_limits INSTANCES WATCHES
inotify_limits() {
  echo "$1" >"$PROC_ROOT/sys/fs/inotify/max_user_instances"
  echo "$2" >"$PROC_ROOT/sys/fs/inotify/max_user_watches"
}
