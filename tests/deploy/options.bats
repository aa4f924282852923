#!/usr/bin/env bats
# What deploy.sh makes of its arguments, and of a machine without Node or npm.

load support/deploy

setup() {
  prepare_deploy
  fake node npm
  fake_installed node tsx
  answer 'node --version' 0 'v24.21.0\n'
  export XDG_CACHE_HOME="$BATS_TEST_TMPDIR/cache" # nothing is built
  export DATABASES_ROOT="$BATS_TEST_TMPDIR/root"
}

@test '--help shows every option and does nothing' {
  deploy --help
  exits_with 0
  says 'Usage: ./deploy.sh' --local --alert --status --down --purge
  not_called '*'
}

@test 'an unknown option is named, with how it is used' {
  deploy --locla
  exits_with 2
  warns 'Unknown option: --locla' 'Usage: ./deploy.sh'
  not_called '*'
}

@test '--alert without a name says so' {
  deploy --local --alert
  exits_with 2
  warns '--alert needs a' 'Usage: ./deploy.sh'
  not_called '*'
}

@test 'an alert or a scenario that is not there is refused before anything is installed, with those that are' {
  local name
  rm -r "$CHECKOUT/node_modules"
  deploy --local --alert escalate
  exits_with 2
  warns 'There is no alert named escalate.' 'Choose one of: escalate-test, pod-delete-test, pod-quarantine-test, test-shell'
  for name in '*' 'escalate-test, pod-delete-test'; do
    deploy --local --scaled --alert "$name"
    exits_with 2
  done
  deploy --local --scenario inputs
  exits_with 2
  warns 'There is no scenario named inputs.' 'Choose one of: critical-cve, privileged-pod, resource-exhaustion, shell-in-pod'
  not_called '*'
}

@test 'the help names every alert and every scenario, and each is accepted' {
  local kind name names
  for kind in alert scenario; do
    deploy --local "--$kind" none
    names="$(sed -n 's/^Choose one of: //p' <<<"$stderr")"
    for name in ${names//,/ }; do
      deploy --help
      says "$name"
      deploy --local "--$kind" "$name"
      exits_with 0
    done
  done
  called 'tsx * alert escalate-test' 'tsx * scenario shell-in-pod'
}

@test 'half a model is refused before anything is installed, and not where nothing starts' {
  rm "$CHECKOUT/node_modules/.package-lock.json"
  OPENAI_API_KEY=sk-some deploy --local
  exits_with 2
  warns 'OPENAI_MODEL is not' 'Set OPENAI_MODEL' 'Nothing was changed'
  OPENAI_BASE_URL=http://127.0.0.1 deploy
  exits_with 2
  warns 'OPENAI_MODEL is not'
  not_called '*'
  OPENAI_API_KEY=sk-some deploy --local --down
  exits_with 0
}

@test 'without Node: what to install' {
  rm "$FAKES/node"
  deploy --local
  exits_with 2
  warns 'node 20 or newer is missing.' 'Install it'
  not_called 'npm *' 'tsx *'
}

@test 'with an old Node: what to install' {
  answer 'node --version' 0 'v18.20.4\n'
  deploy --local
  exits_with 2
  warns 'node is v18.20.4' '20 or newer is needed' 'Install it' 'Nothing was installed'
  not_called 'npm *' 'tsx *'
}

@test 'without npm: what to install' {
  rm "$FAKES/npm"
  deploy --local
  exits_with 2
  warns 'npm is missing.' 'apt-get install npm'
  not_called 'tsx *'
}

@test 'dependencies are installed when the lock file is newer than what is there' {
  touch -d '1 minute' "$CHECKOUT/package-lock.json"
  deploy --local
  exits_with 0
  says 'Installing'
  called 'npm ci *--ignore-scripts' 'tsx *'
}

@test 'an installation that fails ends the run' {
  rm "$CHECKOUT/node_modules/.package-lock.json"
  answer 'npm ci *' 1 'npm error network\n'
  deploy --local
  exits_with 1
  warns 'npm error network' "npm could not install the project's dependencies" 'HTTPS_PROXY' 'free disk space'
  not_called 'tsx *'
}

@test 'the embedded stack gets the command' {
  local cli="$CHECKOUT/cluster/local/cli.ts"
  deploy --local
  deploy --local --alert pod-delete-test
  deploy --local --scenario critical-cve
  deploy --local --scenario critical-cve --without-custom-fields
  deploy --status --local
  deploy --local --down --purge
  called "tsx $cli up" "tsx $cli alert pod-delete-test" "tsx $cli scenario critical-cve" \
    "tsx $cli scenario critical-cve --without-custom-fields" "tsx $cli status" "tsx $cli down --purge"
  not_called 'npm *'
}

@test 'a clone without an installation has nothing to show and nothing to stop, and installs nothing for that' {
  rm -r "$CHECKOUT/node_modules"
  deploy --local --status
  exits_with 1
  says 'Nothing runs here' './deploy.sh --local'
  deploy --local --down --purge
  exits_with 0
  not_called 'npm *' 'tsx *'
}

@test 'a clone without an installation removes what it left, its own database included' {
  local databases="$DATABASES_ROOT/var/lib/n8n-nodes-incident-pipeline" own
  rm -r "$CHECKOUT/node_modules/.package-lock.json"
  mv "$CHECKOUT/node_modules" "$CHECKOUT/installed"
  runs 'npm ci *' "mv '$CHECKOUT/installed' '$CHECKOUT/node_modules'"
  own="$(printf '%s\0' "$CHECKOUT" | sha256sum)"
  mkdir -p "$databases/postgresql-000000000000" # another clone's
  deploy --local --down --purge
  says 'Nothing runs here'
  not_called 'npm *'
  mkdir "$databases/postgresql-${own:0:12}"
  deploy --local --down
  says 'Nothing runs here'
  deploy --local --down --purge
  exits_with 0
  called 'npm ci *' 'tsx * down --purge'
}

@test 'n8n in queue mode is asked for with every start, with the number of workers' {
  local cli="$CHECKOUT/cluster/local/cli.ts"
  deploy --local --scaled
  deploy --local --scaled --workers 4 --alert pod-delete-test
  called "tsx $cli up --scaled" "tsx $cli alert pod-delete-test --scaled --workers 4"
}

@test 'the servers are built from source if that is asked for' {
  local cli="$CHECKOUT/cluster/local/cli.ts" given
  deploy --local --from-source
  deploy --local --alert pod-delete-test --from-source
  called "tsx $cli up --from-source" "tsx $cli alert pod-delete-test --from-source"
  for given in '--from-source' '--local --from-source --down' '--local --status --from-source'; do
    # shellcheck disable=SC2086 # the words of a command line
    deploy $given
    exits_with 2
    warns --from-source 'Usage: ./deploy.sh'
  done
}

@test '--scaled and --workers are refused where they mean nothing' {
  local given
  for given in '--scaled' '--local --scaled --status' '--local --scaled --down' '--local --workers 2' \
    '--local --scaled --workers 0' '--local --scaled --workers ten' '--local --scaled --workers'; do
    # shellcheck disable=SC2086 # the words of a command line
    deploy $given
    exits_with 2
    warns 'Usage: ./deploy.sh'
  done
  not_called '*'
}

@test 'the help names every exit code' {
  deploy --help
  says 'Exit codes:' '  0    done' '  1    something failed' '  2    refused' '  130  stopped by Ctrl-C'
}

@test 'the exit code is that of the command' {
  answer 'tsx *' 1 'Loki is down.\n'
  deploy --local --status
  exits_with 1
  warns 'Loki is down.'
}

@test 'what goes with the KIND cluster does not go with --local, and the other way round' {
  local given
  for given in '--local --node-image x' '--local --charts-dir x' '--local --without falco' '--local --dry-run' \
    '--local --self-test' '--alert escalate-test' '--scenario critical-cve' '--down --purge'; do
    # shellcheck disable=SC2086 # the words of a command line
    deploy $given
    exits_with 2
    warns --local 'Usage: ./deploy.sh'
  done
  not_called '*'
}

@test 'one thing is done at a time' {
  deploy --local --scenario critical-cve --status
  exits_with 2
  warns '--scenario and --status do not go together' 'Usage: ./deploy.sh'
  deploy --down --doctor
  exits_with 2
  not_called '*'
}

@test 'an option whose value is missing is named' {
  local option
  for option in --node-image --charts-dir --without; do
    deploy "$option"
    exits_with 2
    warns "$option needs a value"
    deploy "$option" --doctor
    exits_with 2
    warns "$option needs a value"
  done
}

@test 'a folder of charts that is not there is named' {
  deploy --charts-dir /nowhere
  exits_with 2
  warns 'there is no folder /nowhere'
}

@test 'a part that cannot be left out is named before anything is installed, with those that can' {
  rm "$CHECKOUT/node_modules/.package-lock.json"
  deploy --without falco,n8n
  exits_with 2
  warns '--without: there is no part n8n' 'kube-prometheus-stack alloy falco'
  not_called '*'
}

@test 'the doctor of the embedded stack names all that it lacks at once, and installs nothing' {
  fake go uname
  answer 'uname -sm' 0 'Linux x86_64\n'
  answer 'go version' 0 'go version go1.24.3 linux/amd64\n'
  deploy --local --doctor --from-source
  exits_with 2
  warns 'go is 1.24.3; 1.26.0 or newer' 'go.dev' 'g++ is missing' 'make is missing' 'python3 is missing' 'apt-get install g++' 'Fix the problems above (4)'
  not_called 'npm *' 'tsx *'
}

@test 'the doctor of the embedded stack says what is fine' {
  fake go g++ make python3 uname
  answer 'uname -sm' 0 'Linux x86_64\n'
  answer 'go version' 0 'go version go1.26.8 linux/amd64\n'
  deploy --local --doctor
  exits_with 0
  says 'ok       go 1.26.8' 'ok       g++' 'has all that the embedded stack needs'
  not_called 'npm *' 'tsx *'
}

@test 'the doctor names the databases of clones that are gone, and no other' {
  local databases="$DATABASES_ROOT/var/lib/n8n-nodes-incident-pipeline" own
  own="$(printf '%s\0' "$CHECKOUT" | sha256sum)"
  mkdir -p "$databases"/postgresql-{gone,there,unnamed,"${own:0:12}"}
  echo "$BATS_TEST_TMPDIR/gone" >"$databases/postgresql-gone/checkout"
  echo "$BATS_TEST_TMPDIR" >"$databases/postgresql-there/checkout"
  fake go g++ make python3 uname
  answer 'uname -sm' 0 'Linux x86_64\n'
  answer 'go version' 0 'go version go1.26.8 linux/amd64\n'
  deploy --local --doctor
  exits_with 0
  says "hint     $databases/postgresql-gone is the database of $BATS_TEST_TMPDIR/gone, which is gone" \
    "rm -r $databases/postgresql-gone" "$databases/postgresql-unnamed is the database of a clone that it does not name"
  [[ $output != *postgresql-there* && $output != *"postgresql-${own:0:12}"* ]] || complain 'names a database that is in use'
}

@test 'an old Go is a hint where the servers may be downloaded' {
  fake go g++ make python3 uname
  answer 'uname -sm' 0 'Linux x86_64\n'
  answer 'go version' 0 'go version go1.24.3 linux/amd64\n'
  deploy --local --doctor
  exits_with 0
  says 'hint     go 1.26.0 or newer is missing' 'dl.k8s.io' 'has all that the embedded stack needs'
}

@test 'what an earlier start has built or downloaded needs no tool to build it' {
  local servers="$XDG_CACHE_HOME/n8n-nodes-incident-pipeline/servers" part
  for part in pushgateway-release kubernetes prometheus-release loki; do mkdir -p "$servers/$part-0123456789ab"; done
  mkdir "$XDG_CACHE_HOME/n8n-nodes-incident-pipeline/n8n-0123456789ab"
  fake uname
  answer 'uname -sm' 0 'Linux x86_64\n'
  deploy --local --doctor
  exits_with 0
  says 'the servers are there already' 'n8n is installed already'
  fake go
  answer 'go version' 127 ''
  deploy --local --doctor --from-source
  exits_with 2
  warns 'go is of unknown version'
}

@test 'the doctor asks for Redis if n8n is to run in queue mode, and for no older one' {
  fake go g++ make python3 uname redis-server valkey-server
  answer 'uname -sm' 0 'Linux x86_64\n'
  answer 'go version' 0 'go version go1.26.8 linux/amd64\n'
  answer 'redis-server --version' 0 'Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=1\n'
  answer 'valkey-server --version' 127 ''
  deploy --local --doctor
  exits_with 0
  deploy --local --scaled --doctor
  exits_with 2
  warns 'Redis 7 or newer is missing' 'apt-get install -y redis-server'
  answer 'valkey-server --version' 0 'Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1\n'
  deploy --local --scaled --doctor
  exits_with 0
  says 'Redis or Valkey 8'
}

@test 'another system than the embedded stack runs on' {
  fake uname go g++ make python3
  answer 'uname -sm' 0 'Darwin arm64\n'
  answer 'go version' 0 'go version go1.26.8 darwin/arm64\n'
  deploy --local --doctor
  exits_with 2
  warns 'This is Darwin arm64' './deploy.sh'
}
