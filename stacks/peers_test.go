package stacks

import (
	"maps"
	"net/netip"
	"slices"

	"gatehouse/components/flows/flowtest"
	"gatehouse/stacks/config"
)

// pods are one pod of each workload with the labels that it has in the cluster,
// and such as must get nowhere: a stray one in each namespace, and impostors
// that carry another's labels in a namespace that is not its own.
func pods() map[string]flowtest.End {
	const name, instance, component = "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"
	found := map[string]flowtest.End{}
	add := func(namespace, title string, labels ...string) {
		end := flowtest.End{Name: title, Namespace: namespace, Labels: map[string]string{"gatehouse/environment": "test"}}
		for i := 0; i < len(labels); i += 2 {
			end.Labels[labels[i]] = labels[i+1]
		}
		found[title] = end
	}
	for namespace, apps := range map[string][]string{
		"developer-portal": {"portal-frontend", "websocket", "maintenance"},
		"backstage":        {"backstage", "pgbouncer", "keeper", "plugin-installer"},
		"monitoring":       {"blackbox-exporter", "postgres-exporter", "redis-exporter", "pushgateway", "readiness"},
		"external-secrets": {"reloader"},
		"mesh":             {"istiod"},
	} {
		for _, app := range apps {
			add(namespace, app, "app", app)
		}
	}
	add("ingress", "ingress-nginx", "app", "ingress-nginx", name, "ingress-nginx", instance, "ingress-nginx", component, "controller")
	add("ingress", "external-dns", name, "external-dns", instance, "external-dns")
	add("cert-manager", "cert-manager", name, "cert-manager", instance, "cert-manager", component, "controller")
	add("cert-manager", "cert-manager-webhook", name, "webhook", instance, "cert-manager", component, "webhook")
	add("cert-manager", "cert-manager-cainjector", name, "cainjector", instance, "cert-manager", component, "cainjector")
	for _, part := range []string{"external-secrets", "external-secrets-webhook", "external-secrets-cert-controller"} {
		add("external-secrets", part, name, part, instance, "external-secrets")
	}
	for _, app := range []string{"prometheus", "alertmanager", "grafana", "kube-state-metrics"} {
		add("monitoring", app, name, app)
	}
	add("monitoring", "prometheus-operator", name, "kube-prometheus-stack-prometheus-operator", component, "prometheus-operator")
	add("logging", "fluent-bit", name, "fluent-bit")
	add("kube-system", "coredns", "k8s-app", "kube-dns")
	add("kube-system", "istio-cni", "k8s-app", "istio-cni-node")
	add("kube-system", "cluster-autoscaler", name, "aws-cluster-autoscaler")
	add("kube-system", "aws-load-balancer-controller", name, "aws-load-balancer-controller")
	add("default", "guest", "app", "portal-frontend", name, "prometheus", instance, "cert-manager")
	for _, s := range spaces() {
		add(s.Namespace, "stray-"+s.Namespace, "app", "stray")
	}
	add("developer-portal", "false-prometheus", name, "prometheus")
	add("monitoring", "false-backstage", "app", "backstage")
	return found
}

// places are addresses that are no pod's.
func places(c config.Config) map[string]flowtest.End {
	zone := c.Network.Zones[c.Network.ZoneNames()[0]]
	found := map[string]flowtest.End{}
	for title, address := range map[string]netip.Addr{
		"public-subnet":  zone.Public.Addr().Next().Next(),
		"private-subnet": zone.Private.Addr().Next().Next(), // the API server, endpoints of AWS, nodes
		"api-service":    netip.MustParseAddr("172.20.0.1"), // of the Service kubernetes
		"data-subnet":    zone.Data.Addr().Next().Next(),
		"internet":       netip.MustParseAddr("140.82.112.3"),
		"other-network":  netip.MustParseAddr("192.168.1.1"),
		"metadata":       netip.MustParseAddr("169.254.169.254"),
	} {
		found[title] = flowtest.End{Name: title, Address: address}
	}
	return found
}

// ends are all pods and places of an environment, the pods with addresses in
// the private subnets.
func ends(c config.Config) map[string]flowtest.End {
	all := pods()
	address := c.Network.Zones[c.Network.ZoneNames()[0]].Private.Addr()
	for range 100 {
		address = address.Next()
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		address = address.Next()
		end := all[name]
		end.Address = address
		all[name] = end
	}
	maps.Copy(all, places(c))
	return all
}
