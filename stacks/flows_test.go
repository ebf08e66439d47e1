package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/components/flows"
	"gatehouse/components/flows/flowtest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// runFences makes the namespaces, flows and mesh of an environment.
func runFences(t testing.TB, c config.Config) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		namespaces, err := deploySpaces(ctx, env)
		if err != nil {
			return err
		}
		if err := deployFlows(ctx, env, namespaces); err != nil {
			return err
		}
		_, err = deployMesh(ctx, env, namespaces)
		return err
	})
}

// openFrom is every connection that should be open, by who opens it. It is
// written by hand, from the architecture and not from the table of flows: the
// two are held against each other.
func openFrom() map[string]string {
	const webhooks = "cert-manager-webhook:10250 external-secrets-webhook:10250 prometheus-operator:10250 ingress-nginx:8443 istiod:15017"
	return map[string]string{
		"internet":       "ingress-nginx:443",
		"public-subnet":  "ingress-nginx:443",
		"private-subnet": webhooks,
		"api-service":    webhooks, // nothing comes from a Service's address

		"portal-frontend":  "backstage:7007 pgbouncer:6432 data-subnet:6379 internet:443 private:443",
		"websocket":        "data-subnet:6379 private:443",
		"maintenance":      "",
		"backstage":        "pgbouncer:6432 data-subnet:6379 internet:443 private:443",
		"pgbouncer":        "data-subnet:5432",
		"keeper":           "data-subnet:5432 pushgateway:9091 internet:443 private:443",
		"plugin-installer": "backstage:7007 internet:443 private:443",

		"ingress-nginx":                    "portal-frontend:4400 websocket:4403 backstage:7007 maintenance:8080 private:443",
		"external-dns":                     "internet:443 private:443",
		"cert-manager":                     "internet:443 private:443",
		"cert-manager-webhook":             "internet:443 private:443",
		"cert-manager-cainjector":          "internet:443 private:443",
		"external-secrets":                 "private:443",
		"external-secrets-webhook":         "private:443",
		"external-secrets-cert-controller": "private:443",
		"reloader":                         "private:443",
		"istiod":                           "private:443",

		// The kubelets' port is that of webhooks, and nodes have addresses in
		// the subnets of pods: hence the last two.
		"prometheus": "private:443 private:9100 private:10250 alertmanager:9093 alertmanager:8080 prometheus:9090 prometheus:8080 grafana:3000 " +
			"portal-frontend:9090 websocket:9090 backstage:9090 pgbouncer:9127 ingress-nginx:10254 external-dns:7979 " +
			"cert-manager:9402 cert-manager-webhook:9402 cert-manager-cainjector:9402 " +
			"external-secrets:8080 external-secrets-webhook:8080 external-secrets-cert-controller:8080 reloader:9090 istiod:15014 " +
			"prometheus-operator:10250 kube-state-metrics:8080 blackbox-exporter:9115 postgres-exporter:9187 redis-exporter:9121 " +
			"pushgateway:9091 fluent-bit:2020 coredns:9153 istio-cni:15014 cluster-autoscaler:8085 aws-load-balancer-controller:8080 " +
			"cert-manager-webhook:10250 external-secrets-webhook:10250",
		"alertmanager":        "alertmanager:9094 alertmanager:9094/UDP internet:443",
		"grafana":             "prometheus:9090 alertmanager:9093 private:443",
		"prometheus-operator": "private:443",
		"kube-state-metrics":  "private:443",
		"blackbox-exporter":   "internet:443",
		"postgres-exporter":   "data-subnet:5432",
		"redis-exporter":      "data-subnet:6379",
		"pushgateway":         "",
		"readiness": "data-subnet:5432 data-subnet:6379 pgbouncer:6432 prometheus:9090 alertmanager:9093 pushgateway:9091 " +
			"internet:80 internet:443 private:443",
		"fluent-bit": "private:443",

		// Nothing is denied at these ends; what is beside the API server can
		// call what it calls.
		"coredns": webhooks, "istio-cni": webhooks, "cluster-autoscaler": webhooks, "aws-load-balancer-controller": webhooks,
		"guest": webhooks,
	}
}

// foreign are the pods of namespaces that are not ours.
var foreign = []string{"coredns", "istio-cni", "cluster-autoscaler", "aws-load-balancer-controller", "guest"}

// expected spells openFrom out: what every pod may, and that "private" is
// whoever has an address there and no policies.
func expected(sidecars []string, all map[string]flowtest.End) map[string][]string {
	want := map[string][]string{}
	for name, end := range all {
		list := strings.Fields(openFrom()[name])
		if end.Namespace != "" && !slices.Contains(foreign, name) {
			list = append(list, "coredns:53", "coredns:53/UDP")
			if slices.Contains(sidecars, end.Namespace) {
				list = append(list, "istiod:15012")
			}
		}
		for _, connection := range slices.Clone(list) {
			if port, ok := strings.CutPrefix(connection, "private:"); ok {
				list = slices.DeleteFunc(list, func(c string) bool { return c == connection })
				for _, there := range append([]string{"private-subnet", "api-service"}, foreign...) {
					list = append(list, there+":"+port)
				}
			}
		}
		slices.Sort(list)
		want[name] = slices.Compact(list)
	}
	return want
}

// probed are the ports of all flows, and some that nobody should reach.
func probed(env Environment) []flows.Port {
	found := map[flows.Port]bool{}
	for _, f := range environmentFlows(env) {
		for _, port := range f.Ports {
			found[port] = true
		}
	}
	for _, port := range append(flows.TCP(1, 22, 80, 3306, 4404, 6380, 7008, 8443, 9089, 15000, 15010, 15020, 65535), flows.UDP(443, 5353)...) {
		found[port] = true
	}
	return slices.Collect(maps.Keys(found))
}

// TestExactlyTheseFlowsAreOpen judges every pair of ends on every port from the
// rendered policies alone.
func TestExactlyTheseFlowsAreOpen(t *testing.T) {
	for title, c := range environments() {
		t.Run(title, func(t *testing.T) {
			policies := flowtest.Policies(t, runFences(t, c))
			all, ports := ends(c), probed(Environment{Config: c})
			want := expected([]string{"developer-portal", "backstage", "ingress", "monitoring"}, all)
			for from, a := range all {
				got := []string{}
				for to, b := range all {
					if !closed(a) && !closed(b) {
						continue // no namespace of ours
					}
					for _, port := range ports {
						open, err := flowtest.Open(policies, a, b, port)
						require.NoError(t, err, "%s → %s", from, to)
						if open {
							got = append(got, connection(to, port))
						}
					}
				}
				slices.Sort(got)
				require.Equal(t, strings.Join(want[from], "\n"), strings.Join(got, "\n"), "from %s", from)
			}
		})
	}
}

func closed(end flowtest.End) bool { return end.Namespace != "" && !slices.Contains(foreign, end.Name) }

func connection(to string, port flows.Port) string {
	if port.Protocol == flows.ProtocolTCP {
		return fmt.Sprintf("%s:%d", to, port.Number)
	}
	return fmt.Sprintf("%s:%d/%s", to, port.Number, port.Protocol)
}

func TestFlowsFollowTheConfiguration(t *testing.T) {
	names := func(c config.Config) map[string]flows.Flow {
		found := map[string]flows.Flow{}
		for _, f := range environmentFlows(Environment{Config: c}) {
			found[f.Name()] = f
		}
		return found
	}
	c := configtest.Staging()
	plain := names(c)
	require.NotContains(t, plain, "external-secrets-to-vault")
	require.NotContains(t, plain, "fluent-bit-to-loki")
	require.Contains(t, plain, "sidecars-to-istiod")

	loki := config.URL("https://10.1.2.3:3100/loki")
	c.Platform.Logging.LokiURL = &loki
	c.Platform.Secrets.Vault = &config.Vault{Address: "https://vault.example.com"}
	c.Platform.Mesh.Enabled = false
	other := names(c)
	require.Equal(t, flows.TCP(3100), other["fluent-bit-to-loki"].Ports)
	require.Equal(t, "10.1.2.3/32", other["fluent-bit-to-loki"].To.(flows.Addresses).Ranges[0].CIDR.String())
	require.Equal(t, flows.TCP(443), other["external-secrets-to-vault"].Ports)
	require.Equal(t, "0.0.0.0/0", other["external-secrets-to-vault"].To.(flows.Addresses).Ranges[0].CIDR.String())
	require.NotContains(t, other, "sidecars-to-istiod")
	for _, f := range other {
		if w, ok := f.To.(flows.Workload); ok {
			require.False(t, w.Meshed, w.App)
		}
	}
}

// TestEveryValidConfigurationHasFlows: whatever is accepted can be written as
// policies that the API server accepts.
func TestEveryValidConfigurationHasFlows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := configtest.Valid(rt)
		require.NoError(rt, flows.Check(environmentFlows(Environment{Config: c}), config.Namespaces()))
	})
}
