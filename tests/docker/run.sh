#!/bin/sh
# Builds the images and runs the tests of them. Without a Docker engine it does
# nothing and says so; with KRM_SIDECARS_DOCKER=required, as in CI, it fails.
set -eu
cd "$(dirname "$0")/../.."

if ! docker version >/dev/null 2>&1; then
  echo "make e2e-docker: no Docker engine answers; nothing was tested. As root, this starts one:"
  echo '  eval "$(tests/docker/engine.sh start)"'
  [ "${KRM_SIDECARS_DOCKER-}" != required ]
  exit
fi
go test -C tests/tools/images ./...
tests/tools/build.sh argocd
tests/tools/images/build.sh functions
ARCH=$(go env GOARCH) tests/tools/images/build.sh argocd
go test -tags docker -count=1 -timeout 30m ./tests/docker
