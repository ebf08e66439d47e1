package stacks

import (
	"gatehouse/components/flows"
	"gatehouse/components/postgres"
	"gatehouse/components/redis"
)

// monitoring is what the monitoring stack calls besides what it scrapes.
func (p peers) monitoring() []flows.Flow {
	return []flows.Flow{
		{
			From: p.alertmanager, To: p.alertmanager, Ports: append(flows.TCP(gossipPort), flows.UDP(gossipPort)...),
			Why: "which alerts were sent already",
		},
		open("Slack and PagerDuty", p.alertmanager, p.internet, httpsPort),
		open("metrics", p.grafana, p.prometheus, 9090),
		open("alerts", p.grafana, p.alertmanager, 9093),
		open("the API server, for dashboards", p.grafana, p.privateSubnets, httpsPort),
		open("the API server", p.operator, p.privateSubnets, httpsPort),
		open("the API server", p.kubeState, p.privateSubnets, httpsPort),
		open("the portal as viewers see it", p.blackbox, p.internet, httpsPort),
		open("statistics of the database", p.postgresExporter, p.data, postgres.Port),
		open("statistics of the cache", p.redisExporter, p.data, redis.Port),
	}
}

// scrapes is what Prometheus asks for metrics, and where it learns what there
// is to ask.
func (p peers) scrapes(env Environment) []flows.Flow {
	var list []flows.Flow
	for _, target := range []struct {
		to    flows.Peer
		ports []int
	}{
		// The API server, node-exporter and the kubelets.
		{p.privateSubnets, []int{httpsPort, 9100, 10250}},
		{p.coreDNS, []int{9153}},
		{p.autoscaler, []int{8085}},
		{p.balancers, []int{8080}},
		{p.frontend, []int{9090}},
		{p.websocket, []int{9090}},
		{p.backstage, append([]int{9090}, managedPorts(env.Config)...)},
		{p.pooler, []int{9127}},
		{p.ingress, []int{10254}},
		{p.dns, []int{7979}},
		{p.certificates, []int{9402}},
		{p.externalSecrets, []int{8080}},
		{p.reloader, []int{9090}},
		// The programs that reload both serve on 8080. Alerts go to 9093 too.
		{p.prometheus, []int{9090, 8080}},
		{p.alertmanager, []int{9093, 8080}},
		{p.grafana, []int{3000}},
		{p.operator, []int{webhookPort}},
		{p.kubeState, []int{8080}},
		{p.blackbox, []int{9115}},
		{p.postgresExporter, []int{9187}},
		{p.redisExporter, []int{9121}},
		{p.pushgateway, []int{9091}},
		{p.fluentBit, []int{2020}},
	} {
		list = append(list, open("metrics", p.prometheus, target.to, target.ports...))
	}
	if env.Config.Platform.Mesh.Enabled {
		list = append(list, open("metrics", p.prometheus, p.istiod, 15014), open("metrics", p.prometheus, p.cni, 15014))
	}
	return list
}
