# Go programs that the tests need: taken from where the developer has them, else built once into a cache folder.
# To be sourced by a build.sh that sits beside a go.mod and go.sum.

# The version of module $2 in the go.mod of folder $1.
module_version() {
  awk -v module="$2" '$1 == "require" { $0 = substr($0, 9) } $1 == module && $2 { print $2; exit }' "$1/go.mod"
}

# Where program $1 is, by envtest's convention: TEST_ASSET_<NAME>, then KUBEBUILDER_ASSETS, then cache folder $2.
find_program() {
  local variable
  variable="TEST_ASSET_$(tr 'a-z-' 'A-Z_' <<<"$1")"
  local candidate
  for candidate in "${!variable:-}" "${KUBEBUILDER_ASSETS:+$KUBEBUILDER_ASSETS/$1}" "$2/$1"; do
    if [[ -n $candidate && -x $candidate ]]; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

# go_tools MODE MODULE_FOLDER CACHE_FOLDER_NAME LDFLAGS NAME=PACKAGE…
# MODE `--list` builds nothing: it prints one line `NAME PATH` for each program that is there, and the names of the
# others on standard error with exit status 1. Without a mode the missing ones are built, and the last line is the
# cache folder. GO_TAGS may hold build tags.
go_tools() {
  local mode=$1 module=$2 cache="${XDG_CACHE_HOME:-$HOME/.cache}/mailroom/$3" ldflags=$4
  shift 4
  local tool path missing=()
  for tool in "$@"; do
    if path=$(find_program "${tool%%=*}" "$cache"); then
      echo "${tool%%=*} $path"
    else
      missing+=("$tool")
    fi
  done
  if [[ $mode == --list ]]; then
    [[ ${#missing[@]} -eq 0 ]] || { echo "${missing[*]%%=*}" >&2; return 1; }
    return
  fi
  mkdir -p "$cache"
  for tool in "${missing[@]}"; do
    local name=${tool%%=*} started=$SECONDS
    # Renamed when complete, so that a build that was cut off or runs twice at once leaves no half a program.
    (cd "$module" && CGO_ENABLED=0 GOFLAGS='-mod=readonly -buildvcs=false' nice -n 19 \
      go build -p 2 -trimpath -tags "${GO_TAGS:-}" -ldflags "-s -w $ldflags" -o "$cache/.$name.$$" "${tool#*=}")
    mv "$cache/.$name.$$" "$cache/$name"
    echo "$name built in $((SECONDS - started)) s"
  done
  echo "$cache"
}
