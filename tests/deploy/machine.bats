#!/usr/bin/env bats
# What deploy.sh says of the machine, before it changes anything.

load support/kind

setup() { prepare_machine; }

# Sets PORT to one that is taken until the test ends.
listen() {
  local written="$BATS_TEST_TMPDIR/port"
  node -e 'const server = net.createServer().listen(0, "127.0.0.1", () => console.log(server.address().port))' >"$written" 3>&- &
  LISTENER=$!
  until [[ -s $written ]]; do sleep 0.05; done
  PORT="$(<"$written")"
}

# Whatever the problem: nothing is begun.
teardown() {
  [[ -z ${LISTENER:-} ]] || kill "$LISTENER"
  not_called 'kind create *' 'docker build *' 'kubectl * apply *'
  [[ ! -e $STATE ]]
}

@test 'the doctor says what is fine' {
  deploy --doctor
  exits_with 0
  says 'ok       docker, with 8192 MiB' 'ok       kind 0.32.0' 'ok       kubectl 1.36.1' 'ok       helm 4.0.1' \
    'ok       port 1 is free' 'max_user_instances is 1024' 'max_user_watches is 1048576' 'has BTF' 'has all that is needed'
}

@test 'the doctor says all that is wrong at once' {
  rm "$FAKES"/{kind,helm} "$SYS_ROOT/kernel/btf/vmlinux"
  answer 'kubectl version --client' 0 'Client Version: v1.27.9\n'
  deploy --doctor
  exits_with 2
  warns 'kind is missing' 'helm is missing' 'kubectl is 1.27.9; 1.28.0 or newer' 'no BTF' 'Fix the problems above (4)'
}

@test 'a run ends with what the doctor would say' {
  rm "$FAKES/docker"
  deploy
  exits_with 2
  warns 'docker is missing' 'docs.docker.com' 'Nothing was changed'
}

@test 'docker that this user may not use' {
  answer 'docker info *' 1 'permission denied while trying to connect to unix:///var/run/docker.sock\n'
  deploy --doctor
  exits_with 2
  warns 'this user may not use it' 'usermod -aG docker'
}

@test 'docker that does not run, though some of its versions say no error' {
  local exit_code
  for exit_code in 0 1; do
    answer 'docker info *' "$exit_code" 'Cannot connect to the Docker daemon. Is it running?\n0\n'
    deploy --doctor
    exits_with 2
    warns 'docker does not answer: Cannot connect to the Docker daemon' 'systemctl start docker'
  done
}

@test 'docker that warns and then answers' {
  answer 'docker info *' 0 'WARNING: Plugin "docker-scan" is not valid\n8589934592\n'
  deploy --doctor
  exits_with 0
  says 'docker, with 8192 MiB'
}

@test 'too little memory' {
  answer 'docker info *' 0 '4294967296\n'
  deploy --doctor
  exits_with 2
  warns 'docker has 4096 MiB' 'the selected components need 6144' --without
}

@test 'less memory will do for less, and none is asked for to look or to delete' {
  answer 'docker info *' 0 '4294967296\n'
  deploy --doctor --without kube-prometheus-stack,alloy,falco
  exits_with 0
  deploy --down
  exits_with 0
}

@test 'half a model is a problem before there is a cluster' {
  OPENAI_API_KEY=sk-some deploy
  exits_with 2
  warns 'OPENAI_MODEL is not' 'Nothing was changed'
  not_called 'kind create *'
}

@test 'an old kind will do with an image of its own' {
  answer 'kind version' 0 'kind v0.27.0 go1.23.6 linux/amd64\n'
  deploy --doctor
  exits_with 2
  warns 'kind is 0.27.0; 0.32.0 or newer'
  deploy --doctor --node-image kindest/node:v1.32.2
  exits_with 0
}

@test 'a tool that does not say its version' {
  answer 'kind version' 127 'error while loading shared libraries\n'
  deploy --doctor
  exits_with 2
  warns 'kind is of unknown version'
}

@test 'helm is of no use without charts' {
  rm "$FAKES/helm"
  deploy --doctor --without kube-prometheus-stack,alloy,falco
  exits_with 0
}

@test 'a port that somebody listens on' {
  listen
  PORTS_TO_PUBLISH="1 $PORT" deploy --doctor
  exits_with 2
  warns "Port $PORT on 127.0.0.1 is taken" 'ss -ltnp'
  says 'port 1 is free'
}

@test 'the ports of our own cluster are its own' {
  answer 'kind get clusters' 0 'incident-pipeline\n'
  listen
  PORTS_TO_PUBLISH=$PORT deploy --doctor
  exits_with 0
}

@test 'limits too low for Falco' {
  inotify_limits 128 8192
  deploy --doctor
  exits_with 2
  warns 'max_user_instances is 128; Falco needs 512' 'sysctl -w fs.inotify.max_user_watches=524288'
}

@test 'what only Falco needs is no problem without it' {
  inotify_limits 128 8192
  rm "$SYS_ROOT/kernel/btf/vmlinux"
  deploy --doctor --without falco
  exits_with 0
  says 'hint     fs.inotify.max_user_instances is 128'
}

@test 'a folder that lacks a chart' {
  mkdir -p "$BATS_TEST_TMPDIR/charts/falco"
  deploy --charts-dir "$BATS_TEST_TMPDIR/charts"
  exits_with 2
  warns 'charts has neither kube-prometheus-stack-' 'charts has neither alloy-' 'helm pull alloy --repo https://'
  [[ $stderr != *'neither falco'* ]]
}
