#!/usr/bin/env bash
# Makes sure of the linters for deploy/ and .github/workflows/: actionlint and kube-score. Needs Go and its module proxy.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../go-tools.sh"

actionlint=$(module_version "$here" github.com/rhysd/actionlint)
kube_score=$(module_version "$here" github.com/zegl/kube-score)

go_tools "${1:-}" "$here" "linters/actionlint-$actionlint-kube-score-$kube_score" '' \
  actionlint=github.com/rhysd/actionlint/cmd/actionlint \
  kube-score=github.com/zegl/kube-score/cmd/kube-score
