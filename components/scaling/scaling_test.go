package scaling_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/nodes"
	"gatehouse/components/scaling"
)

func TestAutoscaler(t *testing.T) {
	made := componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := scaling.New(ctx, "s", scaling.Args{
			Namespace: pulumi.String("kube-system"), Labels: map[string]string{"gatehouse/owner": "platform"},
			RoleARN: pulumi.String("arn:role"), ClusterName: pulumi.String("c"), Region: "us-west-2",
		})
		return err
	}).One(t, "kubernetes:helm.sh/v3:Release")
	for path, want := range map[string]any{
		"chart":                               "cluster-autoscaler",
		"namespace":                           "kube-system",
		"values.awsRegion":                    "us-west-2",
		"values.autoDiscovery.clusterName":    "c",
		"values.rbac.serviceAccount.name":     "cluster-autoscaler",
		"values.fullnameOverride":             "cluster-autoscaler",
		"values.extraArgs.expander":           "least-waste",
		"values.replicaCount":                 2.0,
		"values.resources.limits.memory":      "600Mi",
		"values.securityContext.runAsNonRoot": true,
		"values.autoDiscovery.tags": []any{
			"k8s.io/cluster-autoscaler/enabled", "k8s.io/cluster-autoscaler/{{ .Values.autoDiscovery.clusterName }}",
		},
		`values.rbac.serviceAccount.annotations["eks.amazonaws.com/role-arn"]`: "arn:role",
		`values.nodeSelector["` + nodes.PoolLabel + `"]`:                       "system",
		`values.extraArgs["skip-nodes-with-local-storage"]`:                    false,
		`values.extraArgs["scale-down-unneeded-time"]`:                         "10m",
		`values.additionalLabels["gatehouse/owner"]`:                           "platform",
	} {
		require.Equal(t, want, made.Input(path), path)
	}
}
