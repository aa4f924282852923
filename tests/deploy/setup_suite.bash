#!/usr/bin/env bash
# What a test may find on PATH beside its fakes: the system's own tools, without those that deploy.sh asks for by name.

# Whatever of these a machine has, a test decides whether it is there.
readonly DECIDED_BY_TESTS=(curl docker g++ go helm kind kubectl make node npm npx openssl python3 tsx)

setup_suite() {
  export SYSTEM="$BATS_SUITE_TMPDIR/system"
  mkdir "$SYSTEM"
  ln -s /usr/bin/* "$SYSTEM"
  # Elsewhere both are one folder.
  [[ /bin -ef /usr/bin ]] || ln -sf /bin/* "$SYSTEM"
  (cd "$SYSTEM" && rm -f "${DECIDED_BY_TESTS[@]}")
}
