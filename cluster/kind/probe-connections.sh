#!/bin/sh
# The two ends of a connection that is held open, for the quarantine probe: what its pods run, in busybox's shell.
#   probe-connections.sh serve PORT FILE   takes one connection after the other and appends each line that arrives, with
#                                          the node's uptime before it, to FILE
#   probe-connections.sh hold HOST PORT    connects and sends "CONNECTION NUMBER" five times a second; CONNECTION counts
#                                          the connections, NUMBER the lines of one
set -eu

serve() {
  # nc ends a connection when its input ends: it gets one that never does.
  pipe="$2.input"
  [ -p "$pipe" ] || mkfifo "$pipe"
  exec 3<>"$pipe"
  while :; do
    nc -l -p "$1" <&3 | stamped >>"$2" || true
    sleep 0.2
  done
}

stamped() {
  while read -r line; do
    read -r uptime _ </proc/uptime
    echo "$uptime $line"
  done
}

hold() {
  connection=0
  while :; do
    connection=$((connection + 1))
    numbered "$connection" | nc "$1" "$2" || true
    sleep 0.5
  done
}

numbered() {
  number=0
  while number=$((number + 1)) && echo "$1 $number"; do sleep 0.2; done
}

"$@"
