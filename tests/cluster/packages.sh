#!/bin/sh
# Installs the Debian packages that the tests of this folder run.
set -eu
# Docker's own packages bring a containerd, too, and conflict with Debian's.
command -v containerd >/dev/null && command -v runc >/dev/null || set -- containerd runc
exec apt-get install -y --no-install-recommends "$@" \
  etcd-server containernetworking-plugins busybox-static procps \
  iproute2 nginx-light redis-server curl rclone postgresql-15 gcc libc6-dev \
  mariadb-server-core mariadb-client docker-registry
