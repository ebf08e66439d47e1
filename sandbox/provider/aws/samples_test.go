package aws

// samples are in order of dependence; they are deleted in reverse.
func samples() []sample {
	return []sample{
		{token: "aws:ec2/vpc:Vpc", name: "vpc", in: props{
			"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true, "enableDnsSupport": true,
			"tags": props{"Name": "portal"},
		}, change: props{"enableDnsHostnames": false, "tags": props{"Name": "portal", "owner": "team"}}},
		{token: "aws:ec2/subnet:Subnet", name: "subnet", in: props{
			"vpcId": "${vpc.id}", "cidrBlock": "10.0.1.0/24", "availabilityZone": "us-west-2a", "mapPublicIpOnLaunch": false,
		}, change: props{"mapPublicIpOnLaunch": true}},
		{token: "aws:ec2/subnet:Subnet", name: "subnetb", in: props{
			"vpcId": "${vpc.id}", "cidrBlock": "10.0.2.0/24", "availabilityZone": "us-west-2b",
		}},
		{token: "aws:ec2/internetGateway:InternetGateway", name: "igw", in: props{"vpcId": "${vpc.id}"}},
		{token: "aws:ec2/eip:Eip", name: "eip", in: props{"domain": "vpc"}, change: props{"tags": props{"a": "b"}}},
		{token: "aws:ec2/natGateway:NatGateway", name: "nat", in: props{"allocationId": "${eip.id}", "subnetId": "${subnet.id}"}},
	}
}
