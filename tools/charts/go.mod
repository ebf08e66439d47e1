// Package gatehouse/tools/charts builds nothing. It pins the modules whose zips
// hold charts that the platform installs, so that tests can render these charts
// with our values and nothing but the Go module proxy. Only those zips are
// wanted, not what they import, so this file is on purpose not tidied and has no
// go.sum beyond the modules themselves.
module gatehouse/tools/charts

go 1.26.0

require (
	github.com/cert-manager/cert-manager v1.18.2
	github.com/external-secrets/external-secrets v0.18.2
	sigs.k8s.io/external-dns v0.18.0
)
