#!/bin/sh
# Builds the real programs that tests drive into .bin/ at the repository root.
# One that is newer than its go.mod stays as it is.
#
#   build.sh             the hosts, for the end-to-end tests
#   build.sh argocd      Argo CD's plugin server, for the tests of images
#   build.sh cluster     Kubernetes and what runs in it, for tests/cluster
#   build.sh peers       other tools, for make bench-peers
#
# To bump one: go get -C tests/tools/NAME -tool PACKAGE@VERSION; for kpt, which
# has a main of our own, go get without -tool, then go mod tidy; for Kubernetes,
# write the new version into the replace lines of its staging modules first.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$tools/../.." && pwd)/.bin

# One after another: two such builds side by side swamp a small machine.
build() { # build MODULE PACKAGE [FILE]
  file=$bin/${3:-$1}
  if [ "$file" -nt "$tools/$1/go.mod" ]; then
    echo "$file: up to date"
    return
  fi
  echo "$file: building $2"
  go build -C "$tools/$1" -mod=readonly -trimpath $flags -ldflags="-s -w $stamp" -o "$file" "$2"
}
stamp=
flags=

# The programs of Kubernetes refuse one another without a version in them.
kubernetes() { # kubernetes MODULE NAME...
  module=$1
  shift
  version=$(go list -C "$tools/$module" -mod=readonly -m -f '{{.Version}}' k8s.io/kubernetes)
  minor=${version#v1.}
  in=k8s.io/component-base/version
  stamp="-X $in.gitVersion=$version -X $in.gitMajor=1 -X $in.gitMinor=${minor%%.*}"
  for name; do
    build "$module" "k8s.io/kubernetes/cmd/$name" "cluster/$name"
  done
  stamp=
}

# Without cgo kpt needs no C compiler; it only loses the wasm runtime.
export CGO_ENABLED=0

mkdir -p "$bin"
if [ "${1-}" = argocd ]; then # only the tests of images want it
  build argocd-cmp-server .
  exit
fi
if [ "${1-}" = cluster ]; then
  kubernetes kubernetes kube-apiserver kube-controller-manager kube-scheduler kubectl
  kubernetes kubelet kubelet # an older one: newer ones want cgroup v2
  for exporter in nginx-prometheus-exporter redis_exporter statsd_exporter blackbox_exporter; do
    build "$exporter" tool "cluster/$exporter"
  done
  for program in grpc-health-probe kube-rbac-proxy prometheus-config-reloader oras gomplate cloud-sql-proxy; do
    build "$program" tool "cluster/$program"
  done
  flags=-tags=postgres
  build migrate tool cluster/migrate
  flags=
  CGO_ENABLED=1 # without it, this version of ghostunnel does not compile
  build ghostunnel tool cluster/ghostunnel
  CGO_ENABLED=0
  stamp=-checklinkname=0 # it uses names of Go's runtime that are not for it
  build filebeat tool cluster/filebeat
  stamp=
  export GOFLAGS="${GOFLAGS-} -tags=minimal" # the modules of other plugins do not verify
  build vault tool cluster/vault
  exit
fi
if [ "${1-}" = peers ]; then # for make bench-peers
  stamp='-X carvel.dev/ytt/pkg/version.Version=0.52.0'
  if [ ! "$bin/peers/kubeinject" -nt "$tools/../mesh/go.mod" ]; then
    go build -C "$tools/../mesh" -mod=readonly -trimpath -ldflags='-s -w' -o "$bin/peers/kubeinject" ./kubeinject
  fi
  build ytt carvel.dev/ytt/cmd/ytt peers/ytt
  stamp=
  kubernetes kubernetes kubectl
  exit
fi
build kustomize sigs.k8s.io/kustomize/kustomize/v5
build helm3 helm.sh/helm/v3/cmd/helm
build helm4 helm.sh/helm/v4/cmd/helm
build kpt .
