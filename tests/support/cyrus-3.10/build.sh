#!/usr/bin/env bash
# Makes sure of Cyrus IMAP 3.10 beside the machine's own: a Debian trixie in a folder, made once into a cache folder.
# Needs Debian, root and debootstrap. The first build takes about two minutes, later runs none. `--list` builds
# nothing: it prints the folder, or fails.
set -euo pipefail
script=$(realpath "${BASH_SOURCE[0]}")
# Another list of packages makes another folder.
cache="${XDG_CACHE_HOME:-$HOME/.cache}/mailroom/cyrus-3.10-$(sha256sum "$script" | cut -c 1-8)"

packages=(
  cyrus-imapd cyrus-caldav cyrus-common cyrus-admin sasl2-bin libsasl2-modules libsasl2-modules-db
)

if [[ -d $cache ]]; then
  echo "$cache"
  exit
fi
[[ ${1:-} != --list ]] || { echo "Cyrus IMAP 3.10" >&2; exit 1; }
[[ $(id -u) == 0 ]] || { echo "debootstrap needs root" >&2; exit 1; }

# The mirror, and the proxy to it, that this machine's own packages come from.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
[[ -n $mirror ]] || { echo "apt knows no Debian mirror; if its lists are empty: apt-get update" >&2; exit 1; }
eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
[[ -z ${http_proxy:-} ]] || export http_proxy
[[ -z ${https_proxy:-} ]] || export https_proxy

mkdir -p "$(dirname "$cache")"
partial=$(mktemp -d "$cache.partial.XXXXXX")
log=$(mktemp)
trap '[[ $? == 0 ]] || tail -n 20 "$log" >&2; rm -rf "$partial" "$log"' EXIT
chmod 755 "$partial"
debootstrap --variant=minbase trixie "$partial" "$mirror" >>"$log" 2>&1
# The way to the mirror, where names do not come from DNS alone.
cp --dereference /etc/hosts /etc/resolv.conf "$partial/etc/"
chroot "$partial" env DEBIAN_FRONTEND=noninteractive \
  apt-get install --yes --no-install-recommends "${packages[@]}" >>"$log" 2>&1
rm -rf "$partial"/var/cache/apt "$partial"/var/lib/apt/lists
# Renamed when complete, so that a build that was cut off leaves no half a system.
mv "$partial" "$cache"
echo "$cache"
