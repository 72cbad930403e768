#!/usr/bin/env bash
# Rewrites the replace block of go.mod for the release of k8s.io/kubernetes it requires.
#
# k8s.io/kubernetes points its staging modules (k8s.io/api, k8s.io/kubectl …) at folders of its own
# tree, which only works inside that tree. A module that requires it must send each of them to the
# published module of the same release: v1.X.Y of Kubernetes is v0.X.Y of every staging module.
#
# usage: tools/replaces.sh [vX.Y.Z]     (default: the version go.mod requires)
set -euo pipefail
cd "$(dirname "$0")/.."
export CGO_ENABLED=0

version=${1:-$(awk '$1 == "k8s.io/kubernetes" { print $2 }' go.mod)}
staging=v0.${version#v1.}

upstream=$(mktemp)
trap 'rm -f "$upstream"' EXIT
cp "$(cd / && go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/^\t"GoMod": "\(.*\)",\{0,1\}$/\1/p')" "$upstream"

go mod edit -json | sed -n '/"Replace"/,$ s/^\t*"Path": "\(k8s\.io\/.*\)",\{0,1\}$/\1/p' | sort -u | while read -r module; do
  go mod edit -dropreplace="$module"
done
go mod edit -require="k8s.io/kubernetes@$version"
sed -n 's/^[[:space:]]*\(k8s\.io\/[^ ]*\) => \.\/staging\/.*/\1/p' "$upstream" | while read -r module; do
  go mod edit -replace="$module=$module@$staging"
done
# metrics-server's Prometheus libraries pin this one the same way: some of the graph still asks for
# a version from before it was split, in which tidy finds packages twice.
go mod edit -replace=cloud.google.com/go=cloud.google.com/go@v0.123.0
go mod tidy
