// Package aws reads an AWS account and a region of it for the readiness checks:
// one file a service, each with the readers of that service's queries.
//
// Clients, pacing and the words for errors are here, beside them. What the
// answers mean is for the judges. Nothing here writes to an account, and no
// value of a secret is asked for.
package aws

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// Collector reads one account and region. Make it with [New] and end it with
// [Collector.Close].
type Collector struct {
	target    target.AWS
	config    aws.Config
	transport *http.Transport
}

// services make the readers of each service: one line a file.
var services = []func(*Collector) []evidence.Reader{
	readersOfEKS,
	readersOfEC2,
	readersOfRDS,
	readersOfElastiCache,
	readersOfEFS,
	readersOfECR,
	readersOfBackup,
	readersOfS3,
	readersOfEdge,
	readersOfCompliance,
}

// New makes a collector. It does not call AWS: a reader does, and fails when
// there is nobody to answer. An error means that the target or the machine's
// own AWS files cannot be used.
func New(ctx context.Context, at target.AWS) (*Collector, error) {
	if at.Region == "" {
		return nil, fmt.Errorf("connect to AWS: no region is set; set aws.region in the targets")
	}
	transport := newTransport(at.Endpoint != "")
	config, err := configure(ctx, at, transport)
	if err != nil {
		return nil, fmt.Errorf("connect to AWS: %w", err)
	}
	return &Collector{target: at, config: config, transport: transport}, nil
}

// Readers are those of every service.
func (c *Collector) Readers() []evidence.Reader {
	var all []evidence.Reader
	for _, readers := range services {
		all = append(all, readers(c)...)
	}
	return slices.Clip(all)
}

// Identity is the ARN of who asks, as STS knows them.
func (c *Collector) Identity(ctx context.Context) (string, error) {
	who, err := sts.NewFromConfig(c.config).GetCallerIdentity(ctx, nil)
	if err != nil {
		return "", err
	}
	return aws.ToString(who.Arn), nil
}

// Close ends the connections. A reader must not be run after it.
func (c *Collector) Close() { c.transport.CloseIdleConnections() }

// statement is what a reader asks, for people: "eks:DescribeCluster in us-west-2".
func (c *Collector) statement(calls, what string) string {
	text := calls + " in " + c.target.Region
	if what != "" {
		text += " for " + what
	}
	return text
}

// global is the configuration for services that are at home in us-east-1, such
// as CloudFront, its web ACLs, Route 53 and Shield.
func (c *Collector) global() aws.Config {
	config := c.config.Copy()
	config.Region = "us-east-1"
	return config
}

// missing is the problem of a resource that the targets do not name.
func missing(what, field string) evidence.Problem {
	return evidence.Problem{
		Kind: evidence.NotConfigured, Message: "the targets name no " + what,
		Remedy: "set aws." + field + " in the targets, or deploy the stack that makes it",
	}
}
