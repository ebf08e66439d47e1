package aws

import (
	"context"
	"strings"

	"gatehouse/checks/evidence"
)

// front is what several readers of the edge need: the distribution, read once.
type front struct {
	*Collector
	distribution *shared[evidence.Distribution]
}

// readersOfEdge reads what stands between the internet and the load balancer.
// CloudFront, its certificate and its web ACL are at home in us-east-1.
func readersOfEdge(c *Collector) []evidence.Reader {
	f := front{c, newShared[evidence.Distribution]()}
	return []evidence.Reader{
		readerOfDistribution(f), readerOfWebACL(f), readerOfWebLog(f), readerOfCertificates(f),
		readerOfUptimeChecks(f), readerOfRecords(c), readerOfShield(c),
	}
}

// get is the distribution that the target names.
func (f front) get(ctx context.Context) (evidence.Distribution, error) {
	return f.distribution.get(ctx, f.findDistribution)
}

// inGlobal is a statement about a service at home in us-east-1.
func inGlobal(calls, what string) string {
	return strings.TrimSpace(calls + " in us-east-1 " + what)
}

// undotted is a name of the DNS without the dot at its end.
func undotted(name string) string { return strings.TrimSuffix(name, ".") }
