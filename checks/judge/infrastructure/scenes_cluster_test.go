package infrastructure_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/aws/awstest"
)

func (w *world) clusterScenes() []checkstest.Scene {
	logs := func(enabled ...types.LogType) *eks.UpdateClusterConfigInput {
		return &eks.UpdateClusterConfigInput{Name: &w.target.Cluster, Logging: &types.Logging{ClusterLogging: []types.LogSetup{{Enabled: aws.Bool(true), Types: enabled}}}}
	}
	access := func(public bool) *eks.UpdateClusterConfigInput {
		return &eks.UpdateClusterConfigInput{Name: &w.target.Cluster, ResourcesVpcConfig: &types.VpcConfigRequest{
			SubnetIds: w.private, EndpointPrivateAccess: aws.Bool(true), EndpointPublicAccess: &public, PublicAccessCidrs: []string{"0.0.0.0/0"},
		}}
	}
	return []checkstest.Scene{
		{
			Checker: "eks-version-supported", Break: w.answer("eks:DescribeClusterVersions", versions(time.Now().AddDate(0, 0, 10))), Found: "ends on",
			Blind: w.denied("eks:DescribeClusterVersions"), Why: "denied",
		},
		{
			Checker: "eks-control-plane-zones", Break: w.answer("eks:DescribeCluster", awstest.Replace(`"ACTIVE"`, `"FAILED"`)), Found: "status is FAILED",
			Blind: w.denied("ec2:DescribeSubnets"), Why: "denied",
		},
		{
			Checker: "eks-control-plane-logs", Break: func(t *testing.T) { change(t, w.eks.UpdateClusterConfig, logs("api"), logs(allLogs...)) }, Found: "audit",
			Blind: w.hangs("eks:*"), Why: "timed out",
		},
		{
			Checker: "eks-secrets-encrypted", Break: w.answer("eks:DescribeCluster", awstest.Replace(`"encryptionConfig"`, `"unset"`)), Found: "no KMS key",
			Blind: w.answer("eks:*", awstest.Garbage()), Why: "invalid answer",
		},
		{
			Checker: "eks-endpoint-private", Break: func(t *testing.T) { change(t, w.eks.UpdateClusterConfig, access(true), access(false)) }, Found: "open to the whole internet",
			Blind: w.denied("ec2:DescribeClientVpnEndpoints"), Why: "denied",
		},
	}
}

func (w *world) networkScenes() []checkstest.Scene {
	everywhere := aws.String("0.0.0.0/0")
	return []checkstest.Scene{
		{
			Checker: "network-tiers", Found: "has a way out: internet",
			Break: func(t *testing.T) {
				_, err := w.ec2.CreateRoute(t.Context(), &ec2.CreateRouteInput{RouteTableId: &w.dataTable, DestinationCidrBlock: everywhere, GatewayId: &w.gateway})
				require.NoError(t, err)
				t.Cleanup(func() {
					_, err := w.ec2.DeleteRoute(background, &ec2.DeleteRouteInput{RouteTableId: &w.dataTable, DestinationCidrBlock: everywhere})
					require.NoError(t, err)
				})
			},
			Blind: w.denied("ec2:DescribeRouteTables"), Why: "denied",
		},
		{
			Checker: "network-flow-logs", Found: "no flow log",
			Break: func(t *testing.T) {
				_, err := w.ec2.DeleteFlowLogs(t.Context(), &ec2.DeleteFlowLogsInput{FlowLogIds: []string{w.flowLog}})
				require.NoError(t, err)
				t.Cleanup(func() { w.makeFlowLog(t) })
			},
			Blind: w.denied("ec2:DescribeFlowLogs"), Why: "denied",
		},
		{
			Checker: "security-groups-from-anywhere", Break: func(t *testing.T) { w.open(t, w.webGroup, 22, 22) }, Found: "tcp port 22",
			Blind: w.answer("ec2:DescribeSecurityGroups", awstest.Throttle(-1)), Why: "throttled",
		},
		{
			Checker: "security-groups-default-closed", Break: func(t *testing.T) { w.open(t, w.defaultGroup, 443, 443) }, Found: "let traffic in",
			Blind: w.answer("ec2:DescribeSecurityGroups", awstest.Drop()), Why: "unreachable",
		},
	}
}
