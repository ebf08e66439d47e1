package evidence

// Subnet is a subnet of the environment's VPC.
type Subnet struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Zone string `json:"zone"`
	// GivesPublicIPs is whether what starts in it gets a public address.
	GivesPublicIPs bool `json:"givesPublicIps"`
	// Ways are where its route table sends what leaves the VPC for anywhere
	// (0.0.0.0/0 or ::/0): internet, egress-only, nat, or another; none for an
	// isolated one.
	Ways []string `json:"ways,omitempty"`
}

// Ways out of a subnet that judges tell apart.
const (
	WayInternet   = "internet"
	WayEgressOnly = "egress-only"
	WayNAT        = "nat"
)

// FlowLog is a flow log of the VPC.
type FlowLog struct {
	ID     string `json:"id"`
	Status string `json:"status"` // ACTIVE
	// Delivery is SUCCESS or FAILED, "" when not said yet.
	Delivery string `json:"delivery,omitempty"`
	Traffic  string `json:"traffic"` // ALL, ACCEPT, REJECT
}

// Network is the environment's VPC.
type Network struct {
	VPC     string   `json:"vpc"`
	Subnets []Subnet `json:"subnets"`
}

// SecurityGroup is a security group of the environment's VPC.
type SecurityGroup struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Ingress []IngressRule `json:"ingress,omitempty"`
}

// IngressRule lets connections in.
type IngressRule struct {
	// Protocol is tcp, udp, icmp, … or -1 for all.
	Protocol string `json:"protocol"`
	// From and To are ports, both included; -1 for all.
	From int `json:"from"`
	To   int `json:"to"`
	// CIDRs are address ranges of IPv4 and IPv6, Groups IDs of security groups.
	CIDRs  []string `json:"cidrs,omitempty"`
	Groups []string `json:"groups,omitempty"`
}

// VPNEndpoint is a Client VPN endpoint into the environment's VPC.
type VPNEndpoint struct {
	ID     string `json:"id"`
	Status string `json:"status"` // available, pending-associate, …
	// Authentication are its kinds: certificate-authentication, …
	Authentication []string `json:"authentication"`
	// Logs is whether connections are logged.
	Logs bool `json:"logs"`
}

// AWSNetwork is the VPC with its subnets and their ways out.
var AWSNetwork = Define[Network](AWS, "ec2.network", "ec2:DescribeSubnets", "ec2:DescribeRouteTables")

// AWSFlowLogs are the flow logs of the VPC.
var AWSFlowLogs = Define[[]FlowLog](AWS, "ec2.flow-logs", "ec2:DescribeFlowLogs")

// AWSSecurityGroups are all security groups of the VPC.
var AWSSecurityGroups = Define[[]SecurityGroup](AWS, "ec2.security-groups", "ec2:DescribeSecurityGroups")

// AWSVPNs are the Client VPN endpoints of the VPC.
var AWSVPNs = Define[[]VPNEndpoint](AWS, "ec2.client-vpns", "ec2:DescribeClientVpnEndpoints")
