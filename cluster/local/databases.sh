# shellcheck shell=bash
# PostgreSQL's folders outside of the checkouts, which it has where root starts it (postgresql/component.ts).

# The same as in postgresql/component.ts; tests/local/doctor.test.ts compares them.
databases() { printf '%s' "${DATABASES_ROOT:-}/var/lib/n8n-nodes-incident-pipeline"; }

# own_database: prints this checkout's, whether it is there or not
own_database() {
  local checkout sum
  checkout="$(cd "$ROOT" && pwd -P)"
  sum="$(printf '%s\0' "$checkout" | sha256sum)"
  printf '%s/postgresql-%s' "$(databases)" "${sum:0:12}"
}

# Names those whose checkout was removed without --purge: nothing else ever removes them.
check_databases() {
  local folder checkout
  for folder in "$(databases)"/postgresql-*; do
    # Only root can look into them, and remove them.
    [[ -d $folder && -r $folder && $folder != "$(own_database)" ]] || continue
    checkout="$(cat "$folder/checkout" 2>/dev/null || true)"
    [[ -z $checkout || ! -d $checkout ]] || continue
    hint "$folder is the database of ${checkout:-a clone that it does not name}${checkout:+, which is gone}." \
      "If you do not need that clone's executions, remove it: rm -r $folder"
  done
}
