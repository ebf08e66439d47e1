// Package gatehouse/tools/crds builds nothing. It pins the modules whose zips
// hold the CustomResourceDefinitions that the sandbox loads. Only those zips
// are wanted, not what they import, so this file is on purpose not tidied and
// has no go.sum beyond the modules themselves.
module gatehouse/tools/crds

go 1.26.0

require (
	github.com/cert-manager/cert-manager v1.18.2
	github.com/external-secrets/external-secrets v0.18.2
	github.com/prometheus-operator/prometheus-operator v0.84.0
	istio.io/api v1.27.0
)
