#!/usr/bin/env bats
# What deploy.sh makes of its arguments, and of a machine without Node or npm.

load support/deploy

setup() {
  prepare_deploy
  fake node npm
  fake_installed node tsx
  answer 'node --version' 0 'v24.21.0\n'
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
  warns 'node 20 or newer is missing.' 'Install it'
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
  warns 'npm error network'
  not_called 'tsx *'
}

@test 'the embedded stack gets the command' {
  local cli="$CHECKOUT/cluster/local/cli.ts"
  deploy --local
  deploy --local --alert pod-delete-test
  deploy --status --local
  deploy --local --down --purge
  called "tsx $cli up" "tsx $cli alert pod-delete-test" "tsx $cli status" "tsx $cli down --purge"
  not_called 'npm *'
}

@test 'the exit code is that of the command' {
  answer 'tsx *' 1 'Loki is down.\n'
  deploy --local --status
  exits_with 1
  warns 'Loki is down.'
}
