package identity

import "gatehouse/components/iampolicy"

// autoscaler moves the desired size of this cluster's node groups: the scaling
// groups that EKS has tagged as the cluster's (Cluster Autoscaler on AWS,
// "IAM policy"). Reading the node groups lets it scale one up from nothing.
func autoscaler(r Resources) Workload {
	scale := allow("Scale", []string{"autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"},
		r.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"))
	scale.Conditions = []iampolicy.Condition{iampolicy.Is("aws:ResourceTag/k8s.io/cluster-autoscaler/"+r.ClusterName, "owned")}
	return Workload{
		Name: "autoscaler", Namespace: "kube-system", ServiceAccounts: []string{"cluster-autoscaler"},
		Statements: statements(
			scale,
			allow("Observe", []string{
				"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeLaunchConfigurations",
				"autoscaling:DescribeScalingActivities", "autoscaling:DescribeTags", "ec2:DescribeImages", "ec2:DescribeInstanceTypes",
				"ec2:DescribeLaunchTemplateVersions", "ec2:GetInstanceTypesFromInstanceRequirements",
			}, anywhere),
			allow("NodeGroups", []string{"eks:DescribeNodegroup"}, r.arn("eks", "nodegroup/"+r.ClusterName+"/*/*")),
		),
	}
}
