#!/usr/bin/env bash
# Makes sure of a Kubernetes control plane for the tests: etcd, kube-apiserver, kube-controller-manager and kubectl.
# Needs Go and its module proxy. The first build takes about five minutes on two cores, later runs none.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../go-tools.sh"

kubernetes=$(module_version "$here" k8s.io/kubernetes)
etcd=$(module_version "$here" go.etcd.io/etcd/server/v3)
version=k8s.io/component-base/version
IFS=. read -r major minor _ <<<"${kubernetes#v}"

go_tools "${1:-}" "$here" "control-plane/kubernetes-$kubernetes-etcd-$etcd" \
  "-X $version.gitVersion=$kubernetes -X $version.gitMajor=$major -X $version.gitMinor=$minor" \
  etcd=go.etcd.io/etcd/server/v3 \
  kube-apiserver=k8s.io/kubernetes/cmd/kube-apiserver \
  kube-controller-manager=k8s.io/kubernetes/cmd/kube-controller-manager \
  kubectl=k8s.io/kubernetes/cmd/kubectl
