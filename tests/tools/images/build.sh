#!/bin/sh
# Builds the images into dist/, to the same digests each time:
#
#   build.sh functions    dist/images: the image of all functions, and one for each
#   build.sh argocd       dist/argocd-cmp: the plugin for Argo CD, with its tools
#   build.sh push         sends both to REGISTRY, prints references by digest
#
# ARCH, VERSION, REGISTRY and SOURCE_DATE_EPOCH (the time of the commit) can be set.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."

arches=${ARCH:-amd64,arm64}
version=${VERSION:-$(sed -n 's/^const Current = "\(.*\)"$/\1/p' pkg/catalog/release.go)}
revision=$(git rev-parse HEAD)
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"

compile() { # compile ARCH FOLDER FILE PACKAGE VCS: whether the commit is the program's version
  CGO_ENABLED=0 GOOS=linux GOARCH=$1 \
    go build -C "$2" -trimpath -buildvcs="$5" -ldflags='-s -w' -o "$PWD/dist/$3" "$4"
}

images() { # images FLAG...
  go run -C "$here" . build -root "$PWD" -version "$version" -revision "$revision" -arch "$arches" "$@"
}

programs() {
  for arch in $(echo "$arches" | tr , ' '); do
    compile "$arch" . "linux-$arch/krm-sidecars" . true
  done
}

functions() {
  programs
  go run . list >dist/functions.txt
  images -out "$PWD/dist/images" -functions "$PWD/dist/functions.txt"
}

argocd() {
  programs
  for arch in $(echo "$arches" | tr , ' '); do
    compile "$arch" tests/tools/kustomize "tools/linux-$arch/kustomize" sigs.k8s.io/kustomize/kustomize/v5 false
    compile "$arch" tests/tools/helm4 "tools/linux-$arch/helm" helm.sh/helm/v4/cmd/helm false
  done
  images -out "$PWD/dist/argocd-cmp" -dockerfile plugins/argocd/Dockerfile -name argocd-cmp
}

push() {
  for folder in images argocd-cmp; do
    go run -C "$here" . push -out "$PWD/dist/$folder" -registry "${REGISTRY:-ghcr.io/krm-sidecars}"
  done
}

case ${1-} in
functions | argocd | push) "$1" ;;
*) echo "usage: build.sh functions|argocd|push" >&2 && exit 2 ;;
esac
