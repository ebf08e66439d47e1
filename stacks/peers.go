package stacks

import (
	"net/netip"

	"gatehouse/components/flows"
	"gatehouse/components/pod"
)

// peers are the ends of an environment's flows: its workloads, as the labels of
// their pods tell them, and the addresses around them.
type peers struct {
	// Our own.
	frontend, websocket, maintenance     flows.Workload
	backstage, pooler, keeper, installer flows.Workload
	blackbox, postgresExporter           flows.Workload
	redisExporter, pushgateway           flows.Workload
	readiness                            flows.Workload
	// Those of charts.
	ingress, dns                      flows.Workload
	certificates, certificatesWebhook flows.Workload
	externalSecrets, secretsWebhook   flows.Workload
	reloader, istiod                  flows.Workload
	prometheus, alertmanager, grafana flows.Workload
	operator, kubeState, fluentBit    flows.Workload
	// Those of kube-system, where nothing is denied.
	coreDNS, cni, autoscaler, balancers flows.Workload
	// Every pod, and every pod of namespaces with sidecars.
	everything, sidecars flows.Namespaces
	// The subnets, and what is not ours.
	publicSubnets, privateSubnets, data flows.Addresses
	internet                            flows.Addresses
}

func newPeers(env Environment) peers {
	meshed := env.Config.Platform.Mesh.Enabled
	// ours is a workload whose pods carry their name as the label app.
	ours := func(namespace, app, account string) flows.Workload {
		return flows.Workload{
			App: app, Namespace: namespace, Labels: map[string]string{pod.AppLabel: app}, ServiceAccount: account, Meshed: meshed,
		}
	}
	// chart is one whose pods have a chart's labels, in pairs.
	chart := func(namespace, app string, labels ...string) flows.Workload {
		w := flows.Workload{App: app, Namespace: namespace, Labels: map[string]string{}}
		for i := 0; i < len(labels); i += 2 {
			w.Labels[labels[i]] = labels[i+1]
		}
		return w
	}
	// inMesh is a chart's workload that has a sidecar all the same.
	inMesh := func(w flows.Workload) flows.Workload {
		w.ServiceAccount, w.Meshed = w.App, meshed
		return w
	}
	const name, instance, component = "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"
	p := peers{
		frontend:  ours(portalNamespace, "portal-frontend", "portal-frontend"),
		websocket: ours(portalNamespace, "websocket", "websocket"),
		// It answers when the mesh does not.
		maintenance: chart(portalNamespace, "maintenance", pod.AppLabel, "maintenance"),
		backstage:   ours(backstageNamespace, "backstage", "backstage"),
		pooler:      ours(backstageNamespace, "pgbouncer", "pgbouncer"),
		keeper:      ours(backstageNamespace, "keeper", "backup"),
		installer:   ours(backstageNamespace, "plugin-installer", "plugin-installer"),

		blackbox:         ours(monitoringNamespace, "blackbox-exporter", "blackbox-exporter"),
		postgresExporter: ours(monitoringNamespace, "postgres-exporter", "postgres-exporter"),
		redisExporter:    ours(monitoringNamespace, "redis-exporter", "redis-exporter"),
		pushgateway:      ours(monitoringNamespace, "pushgateway", "pushgateway"),
		readiness:        ours(monitoringNamespace, "readiness", "readiness"),

		ingress:             inMesh(chart(ingressNamespace, "ingress-nginx", name, "ingress-nginx")),
		dns:                 chart(ingressNamespace, "external-dns", name, "external-dns"),
		certificates:        chart(certificatesNamespace, "cert-manager", instance, "cert-manager"),
		certificatesWebhook: chart(certificatesNamespace, "cert-manager-webhook", instance, "cert-manager", component, "webhook"),
		externalSecrets:     chart(externalSecretsNamespace, "external-secrets", instance, "external-secrets"),
		secretsWebhook:      chart(externalSecretsNamespace, "external-secrets-webhook", name, "external-secrets-webhook"),
		reloader:            chart(externalSecretsNamespace, "reloader", pod.AppLabel, "reloader"),
		istiod:              chart(meshNamespace, "istiod", pod.AppLabel, "istiod"),
		prometheus:          inMesh(chart(monitoringNamespace, "prometheus", name, "prometheus")),
		alertmanager:        inMesh(chart(monitoringNamespace, "alertmanager", name, "alertmanager")),
		grafana:             inMesh(chart(monitoringNamespace, "grafana", name, "grafana")),
		operator:            chart(monitoringNamespace, "prometheus-operator", component, "prometheus-operator"),
		kubeState:           chart(monitoringNamespace, "kube-state-metrics", name, "kube-state-metrics"),
		fluentBit:           chart(loggingNamespace, "fluent-bit", name, "fluent-bit"),

		coreDNS:    chart("kube-system", "coredns", "k8s-app", "kube-dns"),
		cni:        chart("kube-system", "istio-cni", "k8s-app", "istio-cni-node"),
		autoscaler: chart("kube-system", "cluster-autoscaler", name, "aws-cluster-autoscaler"),
		balancers:  chart("kube-system", "aws-load-balancer-controller", name, "aws-load-balancer-controller"),

		everything: flows.Namespaces{Title: "everything"},
		sidecars:   flows.Namespaces{Title: "sidecars"},

		publicSubnets:  flows.Addresses{Title: "public-subnets"},
		privateSubnets: flows.Addresses{Title: "private-subnets"},
		data:           flows.Addresses{Title: "data-subnets"},
		internet:       flows.Addresses{Title: "internet", Ranges: []flows.Range{{CIDR: anywhere, Except: notInternet()}}},
	}
	for _, s := range spaces() {
		p.everything.Names = append(p.everything.Names, s.Namespace)
		if s.Sidecars {
			p.sidecars.Names = append(p.sidecars.Names, s.Namespace)
		}
	}
	for _, zone := range env.Config.Network.ZoneNames() {
		subnets := env.Config.Network.Zones[zone]
		p.publicSubnets.Ranges = append(p.publicSubnets.Ranges, flows.Range{CIDR: subnets.Public.Prefix})
		p.privateSubnets.Ranges = append(p.privateSubnets.Ranges, flows.Range{CIDR: subnets.Private.Prefix})
		p.data.Ranges = append(p.data.Ranges, flows.Range{CIDR: subnets.Data.Prefix})
	}
	p.privateSubnets.Ranges = append(p.privateSubnets.Ranges, apiServices()...)
	return p
}

// apiServices are the addresses of the Service `kubernetes`, the first of the
// range that EKS gives to Services: one or the other, whichever the VPC has not
// (EKS, "Create a cluster"). The VPC CNI judges a pod's packet before the
// Service's address becomes the API server's own.
func apiServices() []flows.Range {
	return []flows.Range{{CIDR: netip.MustParsePrefix("10.100.0.1/32")}, {CIDR: netip.MustParsePrefix("172.20.0.1/32")}}
}

// anywhere is every address.
var anywhere = netip.MustParsePrefix("0.0.0.0/0")

// notInternet are the ranges that are never the internet's, the VPC's among
// them whichever it has (RFC 1918, 6598 and 3927): what may be called there is
// a flow of its own.
func notInternet() []netip.Prefix {
	var ranges []netip.Prefix
	for _, text := range []string{"10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"} {
		ranges = append(ranges, netip.MustParsePrefix(text))
	}
	return ranges
}
