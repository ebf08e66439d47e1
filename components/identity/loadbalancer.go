package identity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
)

// loadBalancerController makes load balancers for Ingresses and Services. The
// statements are those of the controller's published policy
// (kubernetes-sigs/aws-load-balancer-controller, docs/install/iam_policy.json,
// v2.13), with three differences: what it changes must carry this cluster's
// tag and not just any cluster's, or none; ARNs are of this region and account;
// Cognito, Shield and WAF are left out, since the edge layer has them at
// CloudFront (run it with --enable-shield=false, --enable-waf=false and
// --enable-wafv2=false).
func loadBalancerController(r Resources) Workload {
	return Workload{
		Name: "load-balancer-controller", Namespace: "kube-system", ServiceAccounts: []string{"aws-load-balancer-controller"},
		Statements: append(append(lbObserve(), r.lbSecurityGroups()...), r.lbBalancers()...),
	}
}

// lbTag is the tag that the controller puts on what it makes.
const lbTag = "elbv2.k8s.aws/cluster"

// lbOwned narrows to what the controller has made for this cluster, lbMaking
// to what it makes with the cluster's tag.
func (r Resources) lbOwned() iampolicy.Condition {
	return iampolicy.Is("aws:ResourceTag/"+lbTag, r.ClusterName)
}

func (r Resources) lbMaking() iampolicy.Condition {
	return iampolicy.Is("aws:RequestTag/"+lbTag, r.ClusterName)
}

func lbObserve() []iampolicy.Statement {
	role := allow("ServiceLinkedRole", []string{"iam:CreateServiceLinkedRole"}, anywhere)
	role.Conditions = []iampolicy.Condition{iampolicy.Is("iam:AWSServiceName", "elasticloadbalancing.amazonaws.com")}
	return statements(
		role,
		allow("Observe", []string{
			"acm:DescribeCertificate", "acm:ListCertificates",
			"ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeAvailabilityZones", "ec2:DescribeCoipPools",
			"ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeIpamPools", "ec2:DescribeNetworkInterfaces",
			"ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeTags",
			"ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcs", "ec2:GetCoipPoolUsage", "ec2:GetSecurityGroupsForVpc",
			"elasticloadbalancing:DescribeCapacityReservation", "elasticloadbalancing:DescribeListenerAttributes",
			"elasticloadbalancing:DescribeListenerCertificates", "elasticloadbalancing:DescribeListeners",
			"elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancers",
			"elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeSSLPolicies", "elasticloadbalancing:DescribeTags",
			"elasticloadbalancing:DescribeTargetGroupAttributes", "elasticloadbalancing:DescribeTargetGroups",
			"elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeTrustStores",
			"iam:GetServerCertificate", "iam:ListServerCertificates",
		}, anywhere),
	)
}

// lbSecurityGroups are the rules of the nodes' group, which EKS has tagged,
// and the groups that the controller makes for its load balancers.
func (r Resources) lbSecurityGroups() []iampolicy.Statement {
	groups := r.arn("ec2", "security-group/*")
	rules := []string{"ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"}

	nodes := allow("NodeRules", rules, groups)
	nodes.Conditions = []iampolicy.Condition{iampolicy.Is("aws:ResourceTag/kubernetes.io/cluster/"+r.ClusterName, "owned")}

	owned := allow("GroupRules", append(rules, "ec2:DeleteSecurityGroup"), groups)
	owned.Conditions = []iampolicy.Condition{r.lbOwned()}

	tagNew := allow("GroupTagsAtCreation", []string{"ec2:CreateTags"}, groups)
	tagNew.Conditions = []iampolicy.Condition{iampolicy.Is("ec2:CreateAction", "CreateSecurityGroup"), r.lbMaking()}

	retag := allow("GroupTags", []string{"ec2:CreateTags", "ec2:DeleteTags"}, groups)
	retag.Conditions = []iampolicy.Condition{lbKeepsTag(), r.lbOwned()}

	create := allow("Groups", []string{"ec2:CreateSecurityGroup"}, groups, r.arn("ec2", "vpc/*"))
	return statements(nodes, owned, create, tagNew, retag)
}

// lbBalancers are load balancers, target groups, listeners and rules.
func (r Resources) lbBalancers() []iampolicy.Statement {
	elb := func(resources ...string) []pulumi.StringInput {
		var arns []pulumi.StringInput
		for _, resource := range resources {
			arns = append(arns, r.arn("elasticloadbalancing", resource))
		}
		return arns
	}
	balancers := elb("loadbalancer/app/*/*", "loadbalancer/net/*/*", "targetgroup/*/*")
	listeners := elb("listener/app/*/*/*", "listener/net/*/*/*", "listener-rule/app/*/*/*/*", "listener-rule/net/*/*/*/*")

	create := allow("Balancers", []string{"elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"}, balancers...)
	create.Conditions = []iampolicy.Condition{r.lbMaking()}

	// Listeners and rules are made on a load balancer and carry the tag too.
	tagged := append(balancers[:len(balancers):len(balancers)], listeners...)
	tagNew := allow("BalancerTagsAtCreation", []string{"elasticloadbalancing:AddTags"}, tagged...)
	tagNew.Conditions = []iampolicy.Condition{
		iampolicy.Is("elasticloadbalancing:CreateAction", "CreateListener", "CreateLoadBalancer", "CreateRule", "CreateTargetGroup"),
		r.lbMaking(),
	}

	retag := allow("BalancerTags", []string{"elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"}, tagged...)
	retag.Conditions = []iampolicy.Condition{lbKeepsTag(), r.lbOwned()}

	change := allow("BalancerSettings", []string{
		"elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteTargetGroup", "elasticloadbalancing:ModifyCapacityReservation",
		"elasticloadbalancing:ModifyIpPools", "elasticloadbalancing:ModifyLoadBalancerAttributes", "elasticloadbalancing:ModifyTargetGroup",
		"elasticloadbalancing:ModifyTargetGroupAttributes", "elasticloadbalancing:SetIpAddressType", "elasticloadbalancing:SetSecurityGroups",
		"elasticloadbalancing:SetSubnets",
	}, balancers...)
	change.Conditions = []iampolicy.Condition{r.lbOwned()}

	listen := allow("Listeners", []string{
		"elasticloadbalancing:AddListenerCertificates", "elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateRule",
		"elasticloadbalancing:DeleteListener", "elasticloadbalancing:DeleteRule", "elasticloadbalancing:ModifyListener",
		"elasticloadbalancing:ModifyListenerAttributes", "elasticloadbalancing:ModifyRule",
		"elasticloadbalancing:RemoveListenerCertificates", "elasticloadbalancing:SetRulePriorities",
	}, append(elb("loadbalancer/app/*/*", "loadbalancer/net/*/*"), listeners...)...)
	listen.Conditions = []iampolicy.Condition{r.lbOwned()}

	targets := allow("Targets", []string{"elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"}, elb("targetgroup/*/*")...)
	targets.Conditions = []iampolicy.Condition{r.lbOwned()}
	return statements(create, tagNew, retag, change, listen, targets)
}

// lbKeepsTag says that the request does not touch the cluster's tag, so that
// nothing can be taken over by tagging it.
func lbKeepsTag() iampolicy.Condition {
	return iampolicy.When("Null", "aws:RequestTag/"+lbTag, "true")
}
