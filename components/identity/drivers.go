package identity

import "gatehouse/components/iampolicy"

// The add-ons of EKS that need AWS: their permissions are AWS's own policies.

// networkPlugin is the VPC CNI, which attaches addresses to nodes.
func networkPlugin() Workload {
	return Workload{
		Name: "vpc-cni", Namespace: "kube-system", ServiceAccounts: []string{"aws-node"},
		Managed: []string{"AmazonEKS_CNI_Policy"},
	}
}

// efsDriver mounts EFS; its controller makes access points.
func efsDriver() Workload {
	return Workload{
		Name: "efs-csi", Namespace: "kube-system", ServiceAccounts: []string{"efs-csi-controller-sa", "efs-csi-node-sa"},
		Managed: []string{"service-role/AmazonEFSCSIDriverPolicy"},
	}
}

// ebsDriver makes and attaches volumes. AWS's policy does not reach a
// customer's key, which the driver needs to make encrypted volumes.
func ebsDriver(r Resources) Workload {
	grant := allow("VolumesKeyGrant", []string{"kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"}, r.VolumesKey)
	grant.Conditions = []iampolicy.Condition{iampolicy.When("Bool", "kms:GrantIsForAWSResource", "true")}
	return Workload{
		Name: "ebs-csi", Namespace: "kube-system", ServiceAccounts: []string{"ebs-csi-controller-sa"},
		Managed: []string{"service-role/AmazonEBSCSIDriverPolicy"},
		Statements: statements(grant, allow("VolumesKey", []string{
			"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo",
		}, r.VolumesKey)),
	}
}
