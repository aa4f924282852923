#!/usr/bin/env bash
# Runs deploy.sh in a checkout of its own, before fakes in place of every tool that it asks for by name.
# shellcheck disable=SC2154 # status, output and stderr are what bats' run leaves

bats_require_minimum_version 1.5.0 # run --separate-stderr

# Call it from setup: gives each test its checkout, its fakes and an empty record of calls.
prepare_deploy() {
  local root="$BATS_TEST_DIRNAME/../.."
  CHECKOUT="$BATS_TEST_TMPDIR/checkout"
  FAKES="$BATS_TEST_TMPDIR/fakes"
  export FAKE_CALLS="$BATS_TEST_TMPDIR/calls" FAKE_ANSWERS="$BATS_TEST_TMPDIR/answers" FAKE_INPUT="$BATS_TEST_TMPDIR/input"
  mkdir -p "$CHECKOUT/node_modules/.bin" "$FAKES"
  touch "$FAKE_CALLS" "$FAKE_ANSWERS" "$FAKE_INPUT"
  # Linked, not copied: deploy.sh takes the folder that it was called in for the checkout.
  ln -s "$root"/{deploy.sh,cluster,manifests,package.json,workflows} "$CHECKOUT"
  # npm's own record of what it installed, newer than the lock file: nothing is left to install.
  touch -d '1 minute ago' "$CHECKOUT/package-lock.json"
  touch "$CHECKOUT/node_modules/.package-lock.json"
}

# fake NAME …: puts a fake for each on PATH.
fake() {
  local name
  for name in "$@"; do ln -sf "$BATS_TEST_DIRNAME/fakes/fake" "$FAKES/$name"; done
}

# fake_installed NAME …: the same, among what npm installed in the checkout.
fake_installed() {
  local name
  for name in "$@"; do ln -sf "$BATS_TEST_DIRNAME/fakes/fake" "$CHECKOUT/node_modules/.bin/$name"; done
}

# answer CALL [EXIT_CODE [OUTPUT]]: what a fake says from now on to calls that fit the pattern; on standard error if it
# fails. OUTPUT takes \n and the like.
answer() { answer_after '*' "$@"; }

# answer_after EARLIER CALL [EXIT_CODE [OUTPUT]]: the same, once a call that fits EARLIER was made.
answer_after() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "${3:-0}" "${4:-}" >>"$FAKE_ANSWERS"; }

# runs CALL COMMAND: the fake runs a command (in Bash) in place of an answer, to calls that fit the pattern.
runs() { printf '%s\t%s\t%s\t%s\n' '*' "$1" runs "$2" >>"$FAKE_ANSWERS"; }

# deploy ARGUMENT …: as run does, with standard error in $stderr.
deploy() { run --separate-stderr env PATH="$FAKES:$SYSTEM" "$CHECKOUT/deploy.sh" "$@"; }

# calls [PATTERN]: the calls that were made, in their order.
calls() {
  local line
  while IFS= read -r line; do
    # shellcheck disable=SC2053 # a pattern it is
    [[ $line == ${1:-*} ]] && printf '%s\n' "$line"
  done <"$FAKE_CALLS"
  return 0
}

exits_with() {
  [[ $status == "$1" ]] || complain "exit code $status in place of $1"
}

# says TEXT …: each is somewhere on standard output.
says() {
  local text
  for text in "$@"; do [[ $output == *"$text"* ]] || complain "nothing says on standard output: $text"; done
}

# warns TEXT …: each is somewhere on standard error.
warns() {
  local text
  for text in "$@"; do [[ $stderr == *"$text"* ]] || complain "nothing says on standard error: $text"; done
}

# called PATTERN …: for each there was a call, in this order; others may lie between.
called() {
  local pattern line rest
  mapfile -t rest <"$FAKE_CALLS"
  for pattern in "$@"; do
    while true; do
      ((${#rest[@]} > 0)) || complain "no call (in this order): $pattern"
      line="${rest[0]}"
      rest=("${rest[@]:1}")
      # shellcheck disable=SC2053
      [[ $line == $pattern ]] && break
    done
  done
}

# not_called PATTERN …: for none of them there was a call.
not_called() {
  local pattern
  for pattern in "$@"; do [[ -z "$(calls "$pattern")" ]] || complain "called: $(calls "$pattern")"; done
}

# Fails the test with all that may explain it.
complain() {
  printf '%s\n' "$1" '--- standard output' "$output" '--- standard error' "$stderr" '--- calls' "$(calls)" >&2
  return 1
}
