// Package cluster makes an EKS control plane: its role, log group, security
// group, access entries and, as a second component, its add-ons.
//
// Nodes, the OIDC provider with the workloads' roles, and everything inside
// the cluster live in nodes, identity and space.
package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args configures the control plane.
type Args struct {
	// Partition, Region and AccountID are where the cluster lives.
	Partition, Region, AccountID string
	// Version is the Kubernetes minor version, e.g. "1.35".
	Version string
	// PublicAccessCIDRs may reach the public endpoint; none turns it off.
	PublicAccessCIDRs []string
	// Admins are the ARNs of the IAM principals that administer the cluster.
	// Who deploys must be one of them: nobody gets in by having created it.
	Admins []string
	// ReadOnly are the ARNs of the IAM principals that may look.
	ReadOnly []string
	// LogRetentionDays is how long the control plane's logs are kept.
	LogRetentionDays int
	// SecretsKeyARN encrypts Kubernetes secrets, LogsKeyARN the logs.
	SecretsKeyARN, LogsKeyARN pulumi.StringInput
	// VPCID and SubnetIDs place the control plane's network interfaces.
	VPCID     pulumi.StringInput
	SubnetIDs pulumi.StringArrayInput
	// Clients are the security groups that may call the private endpoint, by
	// a name for each, e.g. "vpn". Nodes need no mention: they share the
	// cluster's own group.
	Clients map[string]pulumi.StringInput
	// Protect keeps Pulumi from deleting the cluster. pulumi-aws 6.83 does not
	// have EKS's own deletion protection.
	Protect bool
}

// Cluster is an EKS control plane.
type Cluster struct {
	pulumi.ResourceState
	component.Parts

	Name                 pulumi.StringOutput `pulumi:"name"`
	ARN                  pulumi.StringOutput `pulumi:"arn"`
	Endpoint             pulumi.StringOutput `pulumi:"endpoint"`
	CertificateAuthority pulumi.StringOutput `pulumi:"certificateAuthority"`
	// Issuer is the URL of the cluster's OpenID Connect issuer.
	Issuer pulumi.StringOutput `pulumi:"issuer"`
	// SecurityGroupID is the group that EKS makes for the cluster and that
	// nodes share with it.
	SecurityGroupID pulumi.StringOutput `pulumi:"securityGroupId"`
	// Access are the admins' policy associations. Whatever is made inside the
	// cluster depends on them, or destroy locks itself out.
	Access []pulumi.Resource
}

// logTypes are all five that EKS has.
var logTypes = []string{"api", "audit", "authenticator", "controllerManager", "scheduler"}

// New makes the control plane. The cluster is called name, since people and
// other systems address it by name.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Cluster, error) {
	c := &Cluster{}
	err := component.Register(ctx, "gatehouse:aws:Cluster", name, c, func(child pulumi.ResourceOption) error {
		logs, err := newLogGroup(ctx, name, args, child)
		if err != nil {
			return err
		}
		role, err := newRole(ctx, name, args, child)
		if err != nil {
			return err
		}
		clients, err := newClients(ctx, name, args, child)
		if err != nil {
			return err
		}
		control, err := eks.NewCluster(ctx, name, &eks.ClusterArgs{
			Name:    pulumi.String(name),
			Version: pulumi.String(args.Version),
			RoleArn: role.ARN,
			AccessConfig: eks.ClusterAccessConfigArgs{
				AuthenticationMode:                      pulumi.String("API"),
				BootstrapClusterCreatorAdminPermissions: pulumi.Bool(false),
			},
			// The networking add-ons come as managed ones, before the nodes.
			BootstrapSelfManagedAddons: pulumi.Bool(false),
			EnabledClusterLogTypes:     pulumi.ToStringArray(logTypes),
			EncryptionConfig: eks.ClusterEncryptionConfigArgs{
				Provider:  eks.ClusterEncryptionConfigProviderArgs{KeyArn: args.SecretsKeyARN},
				Resources: pulumi.ToStringArray([]string{"secrets"}),
			},
			UpgradePolicy:    eks.ClusterUpgradePolicyArgs{SupportType: pulumi.String("STANDARD")},
			ZonalShiftConfig: eks.ClusterZonalShiftConfigArgs{Enabled: pulumi.Bool(true)},
			VpcConfig:        vpcConfig(args, clients),
		}, child, pulumi.Protect(args.Protect), component.DependsOn(logs, role),
			// EKS reads it at creation only and reports it as it likes afterwards.
			pulumi.IgnoreChanges([]string{"accessConfig.bootstrapClusterCreatorAdminPermissions"}))
		if err != nil {
			return err
		}
		c.Name, c.ARN, c.Endpoint = control.Name, control.Arn, control.Endpoint
		c.CertificateAuthority = control.CertificateAuthority.Data().Elem()
		c.SecurityGroupID = control.VpcConfig.ClusterSecurityGroupId().Elem()
		c.Issuer = control.Identities.ApplyT(issuer).(pulumi.StringOutput)
		c.Access, err = newAccess(ctx, name, args, control, child)
		return err
	}, opts...)
	return c, err
}

func vpcConfig(args Args, clients pulumi.StringArray) eks.ClusterVpcConfigArgs {
	config := eks.ClusterVpcConfigArgs{
		SubnetIds:             args.SubnetIDs,
		EndpointPrivateAccess: pulumi.Bool(true),
		EndpointPublicAccess:  pulumi.Bool(len(args.PublicAccessCIDRs) > 0),
	}
	if len(clients) > 0 {
		config.SecurityGroupIds = clients
	}
	if len(args.PublicAccessCIDRs) > 0 {
		config.PublicAccessCidrs = pulumi.ToStringArray(args.PublicAccessCIDRs)
	}
	return config
}

// newLogGroup makes the group that EKS writes to before EKS would make one of
// its own, without a key and without an end.
func newLogGroup(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (pulumi.Resource, error) {
	return cloudwatch.NewLogGroup(ctx, name+"-logs", &cloudwatch.LogGroupArgs{
		Name:            pulumi.Sprintf("/aws/eks/%s/cluster", name),
		KmsKeyId:        args.LogsKeyARN.ToStringOutput(),
		RetentionInDays: pulumi.Int(args.LogRetentionDays),
	}, child)
}

// issuer finds the OpenID Connect issuer in what EKS says of a cluster.
func issuer(identities []eks.ClusterIdentity) (string, error) {
	for _, identity := range identities {
		for _, oidc := range identity.Oidcs {
			if oidc.Issuer != nil {
				return *oidc.Issuer, nil
			}
		}
	}
	return "", fmt.Errorf("read cluster: EKS names no OpenID Connect issuer")
}
