#!/usr/bin/env bash
# Makes sure of two CardDAV servers that share no code with Cyrus, Radicale and Xandikos: from the Python package index,
# made once into a cache folder. Needs Python 3.11 or later with venv. `--list` builds nothing: it prints the folder of
# the programs, or fails.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Other versions make another folder.
cache="${XDG_CACHE_HOME:-$HOME/.cache}/mailroom/carddav-servers-$(sha256sum "$here/requirements.txt" | cut -c 1-8)"

# The last file to be made tells that all of it is there: an environment knows its own path and cannot be renamed.
if [[ ! -e $cache/complete ]]; then
  [[ ${1:-} != --list ]] || { echo "Radicale and Xandikos" >&2; exit 1; }
  rm -rf "$cache"
  python3 -m venv "$cache" >&2
  "$cache/bin/pip" install --quiet --require-hashes --only-binary :all: --requirement "$here/requirements.txt" >&2
  touch "$cache/complete"
fi
echo "$cache/bin"
