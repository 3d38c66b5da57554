#!/bin/sh
# Starts a Docker engine for the tests where none answers, and stops it again:
#
#   eval "$(tests/docker/engine.sh start)"    sets DOCKER_HOST if need be
#   tests/docker/engine.sh stop               ends the engine that start began
#
# It runs as root, without systemd and without changes to the network, and keeps
# everything in .bin/docker.
set -eu

state=$(cd "$(dirname "$0")/../.." && pwd)/.bin/docker
host=unix://$state/docker.sock

say() { echo "engine.sh: $*" >&2; }

# ours prints the pid of the engine that start began, if it still runs.
ours() {
  pid=$(cat "$state/pid" 2>/dev/null) || return 1
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && echo "$pid"
}

start() {
  if docker version >/dev/null 2>&1; then
    say "an engine answers already"
    return
  fi
  if ! ours >/dev/null; then
    mkdir -p "$state"
    dockerd --data-root "$state/data" --exec-root "$state/exec" --pidfile "$state/pid" \
      --host "$host" --group "$(id -g)" --bridge=none --iptables=false --log-level=warn \
      >"$state/log" 2>&1 </dev/null &
  fi
  for _ in $(seq 60); do
    if docker --host "$host" version >/dev/null 2>&1; then
      echo "export DOCKER_HOST=$host"
      return
    fi
    sleep 1
  done
  say "the engine did not start; it says:"
  tail -n 20 "$state/log" >&2
  return 1
}

stop() {
  if pid=$(ours); then
    kill "$pid"
    for _ in $(seq 30); do
      ours >/dev/null || break
      sleep 1
    done
  fi
  rm -rf --one-file-system "$state"
}

case ${1-} in
start | stop) "$1" ;;
*) say "usage: engine.sh start|stop" && exit 2 ;;
esac
