package sandbox

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/gruntwork-io/terratest/modules/k8s"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/internal/engine"
	"gatehouse/stacks"
	"gatehouse/test/suite"
)

// TestTheLifeOfStaging follows one environment: made, made
// again without a change, changed behind Pulumi's back, mended, destroyed.
func TestTheLifeOfStaging(t *testing.T) {
	p := suite.New(t)

	up := p.Operate(t, 0, engine.Up, "staging")
	require.Equal(t, []string{"create"}, keysOf(up.ChangeSummary), "everything is new")
	require.ElementsMatch(t, stacks.Layers(), keysOf(up.Layers))
	require.NotEmpty(t, up.Outputs["databaseEndpoint"])
	require.NotEmpty(t, up.Simulated)

	again := p.Operate(t, 0, engine.Up, "staging")
	require.Equal(t, []string{"same"}, keysOf(again.ChangeSummary))
	require.Equal(t, up.Outputs, again.Outputs)

	held := inventory(t, p.AWS(t, "staging"))
	require.Equal(t, []string{"gatehouse-staging-postgres", "gatehouse-staging-postgres-replica-1"}, held["database"])
	require.Equal(t, []string{"gatehouse-staging-cluster"}, held["cluster"])
	require.Len(t, held["vpc"], 1)
	require.Len(t, held["bucket"], 4)
	requireOnce(t, held)

	portal := k8s.GetNamespace(t, p.Kubectl(t, "staging", ""), "developer-portal")
	require.Equal(t, "restricted", portal.Labels["pod-security.kubernetes.io/enforce"])

	objects := declared(t, p, "staging")
	requireAccepted(t, p, "staging", objects)
	requireComplete(t, objects)
	requireJudged(t, p, "staging")
	t.Run("readiness", func(t *testing.T) {
		for server, why := range p.Status(t, "staging").Missing {
			t.Skipf("%s: %s", server, why)
		}
		requireProven(t, p)
		requireReported(t, p)
		requireBreakage(t, p)
	})

	require.Empty(t, p.Operate(t, 0, engine.Refresh, "staging").Changes, "nothing has drifted")
	drift(t, p)
	mend(t, p)
	destroy(t, p)
}

// drift changes one thing and deletes another, and wants refresh to name both.
func drift(t *testing.T, p *suite.Project) {
	config := p.AWS(t, "staging")
	_, err := rds.NewFromConfig(config).ModifyDBInstance(t.Context(), &rds.ModifyDBInstanceInput{
		DBInstanceIdentifier: aws.String("gatehouse-staging-postgres"), DeletionProtection: aws.Bool(false),
		ApplyImmediately: aws.Bool(true),
	})
	require.NoError(t, err)
	network := ec2.NewFromConfig(config)
	endpoints, err := network.DescribeVpcEndpoints(t.Context(), &ec2.DescribeVpcEndpointsInput{
		Filters: []types.Filter{{Name: aws.String("service-name"), Values: []string{"com.amazonaws.us-west-2.s3"}}},
	})
	require.NoError(t, err)
	require.Len(t, endpoints.VpcEndpoints, 1)
	id := *endpoints.VpcEndpoints[0].VpcEndpointId
	_, err = network.DeleteVpcEndpoints(t.Context(), &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{id}})
	if err != nil {
		// The SDK repeats a call whose answer it has lost, and the emulator then
		// misses the routes that the first call took away.
		require.ErrorContains(t, err, "InvalidRoute.NotFound")
		left, gone := network.DescribeVpcEndpoints(t.Context(), &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{id}})
		require.True(t, gone != nil || left.VpcEndpoints[0].State == types.StateDeleted, "%v: %v", err, left)
	}

	found := p.Operate(t, 1, engine.Refresh, "staging").Changes
	require.Len(t, found, 2, "%v", found)
	changed := found[slices.IndexFunc(found, func(c engine.Change) bool { return c.Operation == "update" })]
	require.Equal(t, "gatehouse-staging-postgres", changed.Name)
	require.Equal(t, []string{"deletionProtection"}, changed.Properties)
	deleted := found[slices.IndexFunc(found, func(c engine.Change) bool { return c.Operation == "delete" })]
	require.Equal(t, "aws:ec2/vpcEndpoint:VpcEndpoint", deleted.Type)
}

// mend wants the next up to set right what drift did, and nothing else.
func mend(t *testing.T, p *suite.Project) {
	mended := p.Operate(t, 0, engine.Up, "staging")
	require.Equal(t, 1, mended.ChangeSummary["create"])
	require.Equal(t, 1, mended.ChangeSummary["update"])
	databases, err := rds.NewFromConfig(p.AWS(t, "staging")).DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{DBInstanceIdentifier: aws.String("gatehouse-staging-postgres")})
	require.NoError(t, err)
	require.True(t, *databases.DBInstances[0].DeletionProtection)
	require.Empty(t, p.Operate(t, 0, engine.Refresh, "staging").Changes)
}

// destroy wants a protected environment to be refused, and then gone.
func destroy(t *testing.T, p *suite.Project) {
	before := inventory(t, p.AWS(t, "staging"))
	code, _, stderr := p.Run(t, "destroy", "-s", "staging", "--sandbox", "--yes")
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "protected resources of staging would be lost")
	require.Contains(t, stderr, "--unprotect")
	require.Equal(t, before, inventory(t, p.AWS(t, "staging")), "a refusal deletes nothing")

	code, _, stderr = p.Run(t, "destroy", "-s", "staging", "--sandbox")
	require.Equal(t, 2, code)
	require.Contains(t, stderr, "add --yes", "nobody was there to be asked")

	p.Operate(t, 0, engine.Destroy, "staging", "--unprotect")
	require.Empty(t, inventory(t, p.AWS(t, "staging")))
	namespaces, err := k8s.GetKubernetesClientFromOptionsE(t, p.Kubectl(t, "staging", ""))
	require.NoError(t, err)
	list, err := namespaces.CoreV1().Namespaces().List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	for _, n := range list.Items {
		require.Contains(t, []string{"default", "kube-system", "kube-public", "kube-node-lease"}, n.Name)
	}
}

func keysOf(counts map[string]int) []string {
	var keys []string
	for key, n := range counts {
		if n > 0 {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
