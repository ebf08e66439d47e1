package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
)

// interfaceServices are what nodes and pods call: images, credentials, the EKS
// and EC2 APIs, logs and metrics, keys and secrets, and the controllers'
// services. SSM's three are for sessions on a node, since there is no SSH.
func interfaceServices() []string {
	return []string{
		"autoscaling", "ec2", "ec2messages", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticfilesystem",
		"elasticloadbalancing", "kms", "logs", "monitoring", "secretsmanager", "ssm", "ssmmessages", "sts",
	}
}

// gatewayEndpoints gives the private subnets a way to S3 and DynamoDB that
// costs nothing and passes no NAT gateway.
func (b *builder) gatewayEndpoints() error {
	tables := pulumi.StringArray{}
	for _, zone := range b.zones {
		tables = append(tables, b.privateTables[zone].ID())
	}
	for _, service := range []string{"s3", "dynamodb"} {
		policy, err := b.gatewayPolicy(service).JSON()
		if err != nil {
			return err
		}
		if err := b.endpoint(service, &ec2.VpcEndpointArgs{
			VpcEndpointType: pulumi.String("Gateway"), RouteTableIds: tables, Policy: policy,
		}); err != nil {
			return err
		}
	}
	return nil
}

// interfaceEndpoints puts an endpoint of each service into every private
// subnet, under the service's usual name.
func (b *builder) interfaceEndpoints() error {
	name, tags := b.named("endpoints")
	group, err := ec2.NewSecurityGroup(b.ctx, name, &ec2.SecurityGroupArgs{
		VpcId: b.vpc.ID(), Description: pulumi.String("Interface endpoints of AWS services"), Tags: tags,
	}, b.child)
	if err != nil {
		return err
	}
	_, err = vpc.NewSecurityGroupIngressRule(b.ctx, name+"-https", &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId: group.ID(), Description: pulumi.String("HTTPS from the VPC"),
		CidrIpv4: pulumi.String(b.args.CIDR.String()), IpProtocol: pulumi.String("tcp"),
		FromPort: pulumi.Int(443), ToPort: pulumi.Int(443),
	}, b.child)
	if err != nil {
		return err
	}
	for _, service := range interfaceServices() {
		policy, err := b.interfacePolicy(service).JSON()
		if err != nil {
			return err
		}
		if err := b.endpoint(service, &ec2.VpcEndpointArgs{
			VpcEndpointType:   pulumi.String("Interface"),
			PrivateDnsEnabled: pulumi.Bool(true),
			SubnetIds:         b.ids(b.private),
			SecurityGroupIds:  pulumi.StringArray{group.ID()},
			Policy:            policy,
		}); err != nil {
			return err
		}
	}
	return nil
}

// endpoint adds what all endpoints have in common and registers one.
func (b *builder) endpoint(service string, args *ec2.VpcEndpointArgs) error {
	name, tags := b.named("endpoint-" + service)
	args.VpcId, args.Tags = b.vpc.ID(), tags
	args.ServiceName = pulumi.Sprintf("com.amazonaws.%s.%s", b.args.Region, service)
	if _, err := ec2.NewVpcEndpoint(b.ctx, name, args, b.child); err != nil {
		return fmt.Errorf("endpoint %s: %w", service, err)
	}
	return nil
}

// interfacePolicy lets the account's own principals through and nobody else's,
// so that stolen foreign credentials are of no use inside the VPC.
func (b *builder) interfacePolicy(service string) iampolicy.Document {
	statements := []iampolicy.Statement{b.through("OwnPrincipals", "*", iampolicy.Strings("*"),
		iampolicy.Is("aws:PrincipalAccount", b.args.AccountID))}
	if service == "sts" {
		// The call by which a service account gets its role is not signed, so
		// it has no principal; the role must be ours.
		roles := fmt.Sprintf("arn:%s:iam::%s:role/*", b.args.Partition, b.args.AccountID)
		statements = append(statements, b.through("ServiceAccounts", "sts:AssumeRoleWithWebIdentity", iampolicy.Strings(roles), b.fromHere()))
	}
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: statements}
}

// gatewayPolicy lets the account's principals reach the account's data. S3
// also serves what AWS gives to everyone: ECR's image layers ("Minimum Amazon
// S3 bucket permissions for Amazon ECR") and Amazon Linux packages.
func (b *builder) gatewayPolicy(service string) iampolicy.Document {
	statements := []iampolicy.Statement{b.through("OwnPrincipalsOwnData", service+":*", iampolicy.Strings("*"),
		iampolicy.Is("aws:PrincipalAccount", b.args.AccountID), iampolicy.Is("aws:ResourceAccount", b.args.AccountID))}
	if service == "s3" {
		statements = append(statements, b.through("ServedByAWS", "s3:GetObject", iampolicy.Strings(
			fmt.Sprintf("arn:%s:s3:::prod-%s-starport-layer-bucket/*", b.args.Partition, b.args.Region),
			fmt.Sprintf("arn:%s:s3:::al2023-repos-%s-de612dc2/*", b.args.Partition, b.args.Region),
		), b.fromHere()))
	}
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: statements}
}

// fromHere narrows a statement to calls from this VPC.
func (b *builder) fromHere() iampolicy.Condition {
	return iampolicy.Condition{
		Test: "StringEquals", Variable: pulumi.String("aws:SourceVpc"), Values: []pulumi.StringInput{b.vpc.ID()},
	}
}

func (b *builder) through(id, action string, resources []pulumi.StringInput, conditions ...iampolicy.Condition) iampolicy.Statement {
	return iampolicy.Statement{
		ID: id, Effect: iampolicy.Allow, Principals: []iampolicy.Principal{{Type: iampolicy.Everyone}},
		Actions: []string{action}, Resources: resources, Conditions: conditions,
	}
}
