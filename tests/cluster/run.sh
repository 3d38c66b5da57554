#!/bin/sh
# Runs the tests of this folder: each package in a Kubernetes of its own, one after
# another. Elsewhere than on Linux, as root, with what packages.sh installs, it does
# nothing and says so; with KRM_SIDECARS_CLUSTER=required, as in CI, it fails.
set -eu
cd "$(dirname "$0")"

if [ "$(uname)" != Linux ] || [ "$(id -u)" != 0 ] || ! command -v etcd >/dev/null || ! command -v containerd >/dev/null; then
  echo "make e2e-cluster: takes Linux, root, and what tests/cluster/packages.sh installs; nothing was tested."
  [ "${KRM_SIDECARS_CLUSTER-}" != required ]
  exit
fi
../tools/build.sh cluster
KRM_SIDECARS_CLUSTER=required go test -p 1 -count=1 -timeout 30m ./...
