package stacks

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/flows"
	"gatehouse/components/pooler"
	"gatehouse/components/postgres"
	"gatehouse/components/redis"
	"gatehouse/stacks/config"
)

// Ports that several flows have. Those of a single workload stand in its rows.
const (
	httpPort    = 80
	httpsPort   = 443
	webhookPort = 10250 // of cert-manager, External Secrets and the Prometheus operator
	backendPort = 7007
	gossipPort  = 9094 // between Alertmanagers
)

// deployFlows makes the policies of the environment's flows.
func deployFlows(ctx *pulumi.Context, env Environment, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) error {
	_, err := flows.New(ctx, env.Named("flows"), flows.Args{
		Flows: environmentFlows(env), Namespaces: namespaces, Labels: ownership(env),
	}, opts...)
	if err != nil {
		return fmt.Errorf("deploy flows: %w", err)
	}
	return nil
}

// environmentFlows is every connection that is let through, and there is no
// other. Ports are the containers'. The private subnets on 443 are the API
// server and the endpoints of AWS services, which have addresses there; S3 and
// what has no endpoint is reached over the internet's addresses.
func environmentFlows(env Environment) []flows.Flow {
	p := newPeers(env)
	return slices.Concat(
		p.cluster(env), p.viewers(), p.portal(env), p.keepers(), p.readinessRuns(env), p.controllers(env), p.monitoring(), p.scrapes(env), p.logs(env),
	)
}

// open is a flow over TCP.
func open(why string, from, to flows.Peer, ports ...int) flows.Flow {
	return flows.Flow{From: from, To: to, Ports: flows.TCP(ports...), Why: why}
}

// cluster is what every pod needs, and who the API server calls.
func (p peers) cluster(env Environment) []flows.Flow {
	list := []flows.Flow{
		{From: p.everything, To: p.coreDNS, Ports: append(flows.TCP(53), flows.UDP(53)...), Why: "names"},
		open("the API server has certificates checked", p.privateSubnets, p.certificatesWebhook, webhookPort),
		open("the API server has external secrets checked", p.privateSubnets, p.secretsWebhook, webhookPort),
		open("the API server has rules checked", p.privateSubnets, p.operator, webhookPort),
		open("the API server has Ingresses checked", p.privateSubnets, p.ingress, 8443),
	}
	if env.Config.Platform.Mesh.Enabled {
		list = append(list,
			open("certificates and configuration of the mesh", p.sidecars, p.istiod, 15012),
			open("the API server has sidecars added", p.privateSubnets, p.istiod, 15017),
			open("the API server", p.istiod, p.privateSubnets, httpsPort),
		)
	}
	return list
}

// viewers are people and what stands between them and the portal. The load
// balancer keeps callers' addresses; its security group lets in CloudFront's
// alone.
func (p peers) viewers() []flows.Flow {
	return []flows.Flow{
		open("CloudFront, for viewers", p.internet, p.ingress, httpsPort),
		open("health checks of the load balancer", p.publicSubnets, p.ingress, httpsPort),
		open("pages", p.ingress, p.frontend, 4400),
		open("live updates", p.ingress, p.websocket, 4403),
		open("the API", p.ingress, p.backstage, backendPort),
		open("the maintenance page", p.ingress, p.maintenance, 8080),
	}
}

// portal is what the portal's own workloads call.
func (p peers) portal(env Environment) []flows.Flow {
	return []flows.Flow{
		open("catalogue and plugins", p.frontend, p.backstage, backendPort),
		open("database", p.frontend, p.pooler, pooler.Port),
		open("sessions and cache", p.frontend, p.data, redis.Port),
		open("sign-in with GitHub, the npm registry", p.frontend, p.internet, httpsPort),
		open("credentials of its role", p.frontend, p.privateSubnets, httpsPort),
		open("messages between instances", p.websocket, p.data, redis.Port),
		open("credentials of its role", p.websocket, p.privateSubnets, httpsPort),
		open("databases", p.backstage, p.pooler, pooler.Port),
		open("cache", p.backstage, p.data, redis.Port),
		open("GitHub, S3 and the pipeline that installs plugins", p.backstage, p.internet, httpsPort),
		open("AWS and the API server", p.backstage, p.privateSubnets, httpsPort),
		open("database and replicas", p.pooler, p.data, postgres.Port),
		open("the npm registry and S3", p.installer, p.internet, httpsPort),
		open("which plugins are loaded", p.installer, p.backstage, append([]int{backendPort}, managedPorts(env.Config)...)...),
		open("AWS and the API server", p.installer, p.privateSubnets, httpsPort),
	}
}

// keepers are backups and the restore drill.
func (p peers) keepers() []flows.Flow {
	return []flows.Flow{
		open("database, without the pooler between", p.keeper, p.data, postgres.Port),
		open("S3 and RDS", p.keeper, p.internet, httpsPort),
		open("AWS and the API server", p.keeper, p.privateSubnets, httpsPort),
		open("metrics of jobs, which are gone when Prometheus asks", p.keeper, p.pushgateway, 9091),
	}
}

// readinessRuns are the readiness checks, which read every system. CloudFront is
// asked for plain HTTP too, which it must not serve.
func (p peers) readinessRuns(env Environment) []flows.Flow {
	if !env.Config.Readiness.Enabled {
		return nil
	}
	return []flows.Flow{
		open("database, replicas and cache", p.readiness, p.data, postgres.Port, redis.Port),
		open("the pooler's figures", p.readiness, p.pooler, pooler.Port),
		open("metrics and rules", p.readiness, p.prometheus, 9090),
		open("alerts and routes", p.readiness, p.alertmanager, 9093),
		open("metrics of jobs, which are gone when Prometheus asks", p.readiness, p.pushgateway, 9091),
		open("the portal from outside, AWS and S3", p.readiness, p.internet, httpPort, httpsPort),
		open("AWS and the API server", p.readiness, p.privateSubnets, httpsPort),
	}
}

// controllers keep the cluster as it is declared.
func (p peers) controllers(env Environment) []flows.Flow {
	list := []flows.Flow{
		open("the API server", p.ingress, p.privateSubnets, httpsPort),
		open("the API server and credentials", p.dns, p.privateSubnets, httpsPort),
		open("Route 53", p.dns, p.internet, httpsPort),
		open("the API server and credentials", p.certificates, p.privateSubnets, httpsPort),
		open("Let's Encrypt and Route 53", p.certificates, p.internet, httpsPort),
		open("the API server and Secrets Manager", p.externalSecrets, p.privateSubnets, httpsPort),
		open("the API server", p.reloader, p.privateSubnets, httpsPort),
	}
	if vault := env.Config.Platform.Secrets.Vault; vault != nil {
		to, port := server("vault", vault.Address)
		list = append(list, open("secrets", p.externalSecrets, to, port))
	}
	return list
}

// logs is where Fluent Bit gets names from and sends logs to.
func (p peers) logs(env Environment) []flows.Flow {
	list := []flows.Flow{open("the API server and CloudWatch Logs", p.fluentBit, p.privateSubnets, httpsPort)}
	if loki := env.Config.Platform.Logging.LokiURL; loki != nil {
		to, port := server("loki", *loki)
		list = append(list, open("logs", p.fluentBit, to, port))
	}
	return list
}

// server is where a URL leads: its address if it has one, or any, as policies
// know no names.
func server(title string, address config.URL) (flows.Addresses, int) {
	to, port := flows.Addresses{Title: title, Ranges: []flows.Range{{CIDR: anywhere}}}, httpsPort
	u, err := url.Parse(string(address))
	if err != nil {
		return to, port // the configuration has parsed it
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		to.Ranges = []flows.Range{{CIDR: netip.PrefixFrom(ip, ip.BitLen())}}
	}
	if n, err := strconv.Atoi(u.Port()); err == nil {
		port = n
	}
	return to, port
}
