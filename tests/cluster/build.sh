#!/usr/bin/env bash
# Builds the lab into one static binary: build.sh OUTPUT
#
# CGO_ENABLED must be 0 on every go command that touches this module: with another value Go keeps a
# second copy of some 4 GB of compiled packages. Without the version flags the API server says v0.0.0.
set -euo pipefail

if [[ $# -ne 1 ]]; then
  echo "usage: build.sh OUTPUT" >&2
  exit 2
fi
mkdir -p "$(dirname "$1")"
output=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

cd "$(dirname "$0")"
export CGO_ENABLED=0 GOWORK=off

kubernetes=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
minor=${kubernetes#v1.}
version=k8s.io/component-base/version
ldflags="-s -w \
  -X $version.gitVersion=$kubernetes \
  -X $version.gitMajor=1 \
  -X $version.gitMinor=${minor%%.*} \
  -X $version.gitTreeState=clean"

# Built beside the target and renamed, so that a lab that is running keeps its own file.
go build -trimpath -buildvcs=false -ldflags "$ldflags" -o "$output.new" .
mv "$output.new" "$output"
