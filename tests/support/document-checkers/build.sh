#!/usr/bin/env bash
# Makes sure of what checks the examples in docs/: promtool for alerts, compose-spec for compose files. Needs Go and its
# module proxy. The first build takes two minutes on two cores.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../go-tools.sh"

prometheus=$(module_version "$here" github.com/prometheus/prometheus)
compose=$(module_version "$here" github.com/compose-spec/compose-go/v2)

# Without the service discoveries of Prometheus, which are most of promtool and check no alert.
GO_TAGS=remove_all_sd go_tools "${1:-}" "$here" "document-checkers/prometheus-$prometheus-compose-$compose" '' \
  promtool=github.com/prometheus/prometheus/cmd/promtool \
  compose-spec=github.com/compose-spec/compose-go/v2/cmd
