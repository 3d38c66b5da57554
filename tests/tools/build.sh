#!/bin/sh
# Builds the real host binaries that the end-to-end tests drive into .bin/ at
# the repository root. One that is newer than its go.mod stays as it is.
#
# To bump one: go get -C tests/tools/NAME -tool PACKAGE@VERSION; for kpt, which
# has a main of our own, go get without -tool, then go mod tidy.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$tools/../.." && pwd)/.bin

# One after another: two such builds side by side swamp a small machine.
build() { # build NAME PACKAGE
  if [ "$bin/$1" -nt "$tools/$1/go.mod" ]; then
    echo "$bin/$1: up to date"
    return
  fi
  echo "$bin/$1: building $2"
  go build -C "$tools/$1" -mod=readonly -trimpath -ldflags='-s -w' -o "$bin/$1" "$2"
}

# Without cgo kpt needs no C compiler; it only loses the wasm runtime.
export CGO_ENABLED=0

mkdir -p "$bin"
if [ "${1-}" = argocd ]; then # only the tests of images want it
  build argocd-cmp-server .
  exit
fi
build kustomize sigs.k8s.io/kustomize/kustomize/v5
build helm3 helm.sh/helm/v3/cmd/helm
build helm4 helm.sh/helm/v4/cmd/helm
build kpt .
