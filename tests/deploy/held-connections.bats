#!/usr/bin/env bats
# The quarantine probe's own clients and servers, run as real processes: what is held, cut, and goes on is told apart. In
# place of a network plugin stands a relay that is stopped.

setup_file() {
  export RUN="$BATS_FILE_TMPDIR" ROOT="$BATS_TEST_DIRNAME/../.."
  export SCRIPT="$ROOT/cluster/kind/probe-connections.sh"
  local base=$((20000 + RANDOM % 10000)) name port one two
  mkdir "$RUN/bin"
  # busybox's own where there is one, as in the pods.
  if command -v busybox >/dev/null; then
    for name in nc sh sleep mkfifo; do ln -s "$(command -v busybox)" "$RUN/bin/$name"; done
  else
    ln -s "$(realpath "$BATS_TEST_DIRNAME/support/nc.mjs")" "$RUN/bin/nc"
  fi
  PATH="$RUN/bin:$PATH"
  start sh "$SCRIPT" serve $((base + 1)) "$RUN/one"
  start sh "$SCRIPT" serve $((base + 2)) "$RUN/two"
  start sh "$SCRIPT" serve $((base + 3)) "$RUN/direct"
  start sh "$SCRIPT" serve $((base + 4)) "$RUN/spare"
  # As the probe once did: nc's input is at its end, so that it lets go of every client at once.
  # shellcheck disable=SC2016 # that shell's
  PORT=$((base + 5)) start sh -c \
    '. "$0"; while :; do nc -l -p "$PORT" </dev/null | stamped >>"$RUN/dropped" || true; done' "$SCRIPT"
  start node "$BATS_TEST_DIRNAME/support/relay.mjs" $((base + 11)) $((base + 1))
  one=$!
  start node "$BATS_TEST_DIRNAME/support/relay.mjs" $((base + 12)) $((base + 2))
  two=$!
  for port in 11 12 3 4 5; do start sh "$SCRIPT" hold 127.0.0.1 $((base + port)); done
  for name in one two direct spare; do await_lines "$RUN/$name"; done
  sleep 4 # every connection has been standing for a while
  mark asked
  mark labelled
  kill -STOP $one $two
  mark closed
  sleep 11
  mark end
  touch "$RUN/dropped"
  for name in one two direct spare dropped; do cp "$RUN/$name" "$RUN/$name.seen"; done
  kill -CONT $one $two
}

teardown_file() {
  local group
  while read -r group; do kill -- "-$group" || true; done <"$RUN/started"
}

# start COMMAND...: in a process group of its own, with everything that it starts
start() {
  setsid "$@" </dev/null >/dev/null 2>&1 3>&- &
  echo $! >>"$RUN/started"
}

await_lines() {
  local left=200
  until [[ -f $1 && $(wc -l <"$1") -ge 5 ]]; do
    ((left-- > 0)) || return 1
    sleep 0.1
  done
}

mark() { echo "mark $1 $(cut -d ' ' -f 1 /proc/uptime)" >>"$RUN/marks"; }

# judged INBOUND OUTBOUND CONTROL: the verdict on what these three servers have seen
judged() {
  {
    cat "$RUN/marks"
    sed 's/^/inbound /' "$RUN/$1.seen"
    sed 's/^/outbound /' "$RUN/$2.seen"
    sed 's/^/control /' "$RUN/$3.seen"
  } | "$ROOT/node_modules/.bin/tsx" "$ROOT/cluster/kind/openConnections.ts"
}

@test 'connections that were held and are silent now were cut' {
  run judged one two direct
  [[ ${lines[0]} == cut && ${lines[2]} == 'inbound connection '*'; outbound connection '*'; control connection '* ]]
}

@test 'connections that were held and go on survive' {
  run judged direct spare one
  [[ ${lines[0]} == survives && ${lines[1]} == 'inbound connection '*' carried '*' right before the quarantine '* ]]
}

@test 'one that goes on beside one that is silent survives' {
  run judged one direct spare
  [[ ${lines[0]} == survives && ${lines[1]} == 'outbound '* ]]
}

@test 'where the control connection dies too, nothing is known' {
  run judged one two two
  [[ ${lines[0]} == unknown && ${lines[1]} == *'control connection'* ]]
}

@test 'a server whose nc has no input holds nothing, so that nothing is known' {
  run judged dropped two direct
  [[ -s $RUN/dropped.seen && ${lines[0]} == unknown && ${lines[1]} == 'no inbound connection was standing right before the quarantine' && ${lines[2]} == none ]]
}
