package sandbox

import (
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/front"
	"gatehouse/sandbox/metrics"
	"gatehouse/sandbox/process"
)

// The hosts of the portal and its API when nobody names others.
var defaultHosts = []string{"portal.sandbox.test", "api.portal.sandbox.test"}

// sinkPort is the port at which the nodes' process takes what Alertmanager sends.
const sinkPort = "sink"

// portalNamespace and backstageNamespace are where the services run of which the
// portal's process answers.
const (
	portalNamespace    = "developer-portal"
	backstageNamespace = "backstage"
)

// scrapeInterval of the sandbox's Prometheus; a real one takes longer.
const scrapeInterval = "5s"

// serverPorts are the names of the servers' ports.
func serverPorts() []string {
	names := slices.Concat(data.StorePorts(), front.Ports(), metrics.ExporterNames())
	return append(names, front.PortalName, front.NamesPort, sinkPort, metrics.PrometheusName, metrics.AlertmanagerName)
}

// portOwner is the part that listens on a port, by the port's name.
func portOwner(name string) string {
	switch name {
	case controlplane.EtcdPeer:
		return controlplane.Etcd
	case front.PlainPort, front.StatusPort:
		return front.Name
	case front.NamesPort:
		return front.PortalName
	case sinkPort:
		return nodePart
	default:
		return strings.TrimSuffix(name, "-bus") // of a node of Redis
	}
}

// serverState is what is remembered of the servers: those of the last Up that
// wanted them.
type serverState struct {
	Hosts    []string `json:"hosts"`
	Sentinel bool     `json:"sentinel"`
	// StateMetrics is the program; "" for none.
	StateMetrics string `json:"stateMetrics,omitempty"`
	// Failed says, by part, why it did not start.
	Failed map[string]string `json:"failed,omitempty"`
}

// fleet is the servers of a sandbox: those that this machine can run, and what
// is told of them.
type fleet struct {
	servers []data.Server
	data    Data
	missing map[string]string
}

// servers are those of the state; nothing is touched.
func (s *Sandbox) servers(tools Tools, state serverState, ports map[string]int) fleet {
	dir := filepath.Join(s.dir, "servers")
	log := s.layout(tools).Log
	f := fleet{missing: map[string]string{}}
	add := func(kind string, server data.Server, err error) bool {
		if err != nil {
			f.missing[kind] = err.Error() + ", or run make sandbox-deps as root"
			return false
		}
		f.servers = append(f.servers, server)
		return true
	}

	stores := data.StoreOptions{Dir: filepath.Join(dir, "stores"), Ports: ports, Sentinel: state.Sentinel}
	made, missing := data.Stores(stores)
	f.servers = append(f.servers, made...)
	maps.Copy(f.missing, missing)
	f.data.Endpoints = stores.Endpoints().Without(missing)

	portal := front.Portal{
		Dir: filepath.Join(dir, front.PortalName), Log: log(front.PortalName), Executable: tools.Gatehouse,
		Port: ports[front.PortalName], Names: ports[front.NamesPort], Hosts: state.Hosts, Stores: f.data.Endpoints,
	}
	f.servers = append(f.servers, portal.Server())
	f.data.DNS = process.Address(ports[front.NamesPort])

	nginx := front.Config{
		Dir: filepath.Join(dir, front.Name), Log: log(front.Name), Hosts: state.Hosts,
		TLS: ports[front.TLSPort], Plain: ports[front.PlainPort], Status: ports[front.StatusPort],
		Upstream: process.Address(portal.Port), TesterFile: portal.TokenFile(), After: []string{front.PortalName},
	}
	server, err := front.Server(nginx)
	if add("web", server, err) {
		f.data.Web = web(nginx, portal, state.Hosts)
	}
	s.watch(&f, tools, state, ports, nginx, add)
	return f
}

// metricsReader is a client of the API server that may read its metrics.
func (s *Sandbox) metricsReader(tools Tools) metrics.ClientTLS {
	pki := s.layout(tools).PKI()
	return metrics.ClientTLS{
		CA: filepath.Join(pki, "ca.crt"), Certificate: filepath.Join(pki, controlplane.Admin+".crt"),
		Key: filepath.Join(pki, controlplane.Admin+".key"),
	}
}

// web is how the portal is reached through nginx.
func web(nginx front.Config, portal front.Portal, hosts []string) *Web {
	w := &Web{
		PortalURL: "https://" + hosts[0], APIURL: "https://" + hosts[1], Resolve: map[string]string{},
		Plain: process.Address(nginx.Plain), CA: front.Authority(nginx.Dir),
		TokenFile: portal.TokenFile(), User: front.User, PasswordFile: portal.PasswordFile(),
	}
	for _, host := range hosts {
		w.Resolve[host] = process.Address(nginx.TLS)
	}
	return w
}

// watch adds what watches the other servers.
func (s *Sandbox) watch(
	f *fleet, tools Tools, state serverState, ports map[string]int, nginx front.Config, add func(string, data.Server, error) bool,
) {
	layout := s.layout(tools)
	dir := filepath.Join(s.dir, "servers")
	exporters := metrics.Exporters{
		Dir: filepath.Join(dir, "exporters"), Log: layout.Log, Ports: ports,
		Stores: f.data.Endpoints, Nginx: nginx.Status, CA: front.Authority(nginx.Dir),
		Executable: tools.Gatehouse,
	}
	made, missing := exporters.Servers()
	f.servers = append(f.servers, made...)
	for name, why := range missing {
		f.missing[name] = why + ", or run make sandbox-deps as root"
	}
	running := map[string]int{}
	for _, server := range made {
		running[server.Name] = ports[server.Name]
	}

	if state.StateMetrics != "" {
		objects := metrics.Objects{
			Path: state.StateMetrics, Log: layout.Log(metrics.StateMetrics), Port: ports[metrics.StateMetrics],
			Kubeconfig: layout.Kubeconfig(controlplane.Admin), After: controlplane.APIServer,
		}
		f.servers = append(f.servers, objects.Server())
		running[metrics.StateMetrics] = objects.Port
	}

	alertmanager := s.alertmanager(tools, ports)
	server, err := alertmanager.Server()
	if add(metrics.AlertmanagerName, server, err) {
		f.data.Alertmanager = alertmanager.URL()
	}
	prometheus := s.prometheus(tools, ports)
	prometheus.Cluster, prometheus.Interval = filepath.Base(filepath.Dir(s.dir)), scrapeInterval
	if f.data.Alertmanager != "" {
		prometheus.Alertmanager = process.Address(alertmanager.Port)
	}
	prometheus.Scrapes = metrics.Targets{
		Portal: ports[front.PortalName],
		Services: map[string]string{
			"portal-frontend": portalNamespace, "websocket": portalNamespace, "backstage-backend": backstageNamespace,
		},
		Prometheus: prometheus.Port, Alertmanager: alertmanager.Port, Exporters: running, Stores: f.data.Endpoints,
		Sites: state.Hosts, HTTPS: process.Address(nginx.TLS),
		APIServer: net.JoinHostPort(process.Loopback, strconv.Itoa(ports[controlplane.APIServer])), APIServerTLS: s.metricsReader(tools),
		Probes: prometheus.Probes(),
	}.Jobs()
	server, err = prometheus.Server()
	if add(metrics.PrometheusName, server, err) {
		f.data.Prometheus = prometheus.URL()
	}
}

func (s *Sandbox) prometheus(tools Tools, ports map[string]int) metrics.Prometheus {
	return metrics.Prometheus{
		Dir: filepath.Join(s.dir, "servers", metrics.PrometheusName), Log: s.layout(tools).Log(metrics.PrometheusName),
		Port: ports[metrics.PrometheusName],
	}
}

func (s *Sandbox) alertmanager(tools Tools, ports map[string]int) metrics.Alertmanager {
	return metrics.Alertmanager{
		Dir: filepath.Join(s.dir, "servers", metrics.AlertmanagerName), Log: s.layout(tools).Log(metrics.AlertmanagerName),
		Port: ports[metrics.AlertmanagerName],
	}
}
