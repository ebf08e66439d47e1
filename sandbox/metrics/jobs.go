package metrics

import (
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// Targets are what the Prometheus of a sandbox looks at. Jobs and labels are
// those that the charts and monitors of a real environment give, so that the
// same rules read them.
type Targets struct {
	// Portal is the port of the portal's process.
	Portal int
	// Services are the services that it answers for, as paths below /metrics, by
	// their namespace.
	Services map[string]string
	// Prometheus and Alertmanager are ports.
	Prometheus, Alertmanager int
	// Exporters are the ports of those that run, by name.
	Exporters map[string]int
	Stores    data.Endpoints
	// Sites are the hosts of the portal and the API, and HTTPS the address that
	// serves them.
	Sites []string
	HTTPS string
	// APIServer is host:port of the Kubernetes API, with the files of a client
	// that may read its metrics.
	APIServer    string
	APIServerTLS ClientTLS
	// Probes is the file of the pods that load plugins, which the nodes write; "" for
	// none.
	Probes string
}

// Namespaces of what watches, and of the pods that PgBouncer's exporter lies in.
const (
	monitoring      = "monitoring"
	poolerNamespace = "backstage"
)

// ProbeJob is the Service in front of the pods that say which plugins they have
// loaded, whose name a real environment's metrics have as their job.
const ProbeJob = "backstage-plugins"

// ProbePorts are the names of the ports on which they say it.
func ProbePorts() []string { return []string{"plugins", "sidecar"} }

// Jobs are the scrapes of all targets.
func (t Targets) Jobs() []Scrape {
	one := func(job, namespace string, port int) Scrape {
		return Scrape{Job: job, Static: []Static{{
			Targets: []string{process.Address(port)},
			Labels:  map[string]string{"namespace": namespace, "service": job, "pod": job + "-0"},
		}}}
	}
	jobs := []Scrape{one(PrometheusName, monitoring, t.Prometheus), one(AlertmanagerName, monitoring, t.Alertmanager)}
	for service, namespace := range sorted(t.Services) {
		job := one(service, namespace, t.Portal)
		job.Path = "/metrics/" + service
		jobs = append(jobs, job)
	}
	if t.APIServer != "" {
		jobs = append(jobs, Scrape{
			Job: "apiserver", Scheme: "https", TLS: &t.APIServerTLS, Interval: "30s", // it has much to tell
			Static: []Static{{Targets: []string{t.APIServer}, Labels: map[string]string{"namespace": "default", "service": "kubernetes"}}},
		})
	}
	if port, on := t.Exporters[StateMetrics]; on {
		// Each metric names the object that it is of, over whom the target is.
		objects := one(StateMetrics, monitoring, port)
		objects.Honor = true
		jobs = append(jobs, objects)
	}
	if t.Probes != "" {
		jobs = append(jobs, Scrape{Job: ProbeJob, Files: []Files{{[]string{t.Probes}}}})
	}
	if port, on := t.Exporters[NginxExporter]; on {
		jobs = append(jobs, one(NginxExporter, "ingress-nginx", port))
	}
	if job := t.postgres(); len(job.Static) > 0 {
		jobs = append(jobs, job)
	}
	if port, on := t.Exporters[PoolerExporter]; on {
		jobs = append(jobs, one(data.PoolerName, poolerNamespace, port))
	}
	if port, on := t.Exporters[RedisExporter]; on && t.Stores.Redis != nil {
		var nodes []string
		for _, address := range t.Stores.Redis.Addresses {
			nodes = append(nodes, "rediss://"+address)
		}
		jobs = append(jobs, probe(RedisExporter, "/scrape", nodes, port, nil))
	}
	if port, on := t.Exporters[Blackbox]; on && len(t.Sites) > 1 {
		jobs = append(jobs, t.sites(port)...)
	}
	return jobs
}

// postgres is one job for all instances. Each has the address of the instance as
// its own, not that of its exporter.
func (t Targets) postgres() Scrape {
	job := Scrape{Job: PostgresExporter}
	if t.Stores.Postgres == nil {
		return job
	}
	for instance, address := range t.Stores.Postgres.Instances() {
		if port, on := t.Exporters[PostgresExporterOf(instance)]; on {
			job.Static = append(job.Static, Static{
				Targets: []string{process.Address(port)},
				Labels: map[string]string{
					"namespace": monitoring, "service": PostgresExporter, "pod": PostgresExporter + "-0", "instance": address,
				},
			})
		}
	}
	return job
}

// sites looks at the portal as users do. The probe connects to the sandbox's
// nginx, under the name of the site.
func (t Targets) sites(exporter int) []Scrape {
	var jobs []Scrape
	for _, site := range []struct{ module, host, path string }{
		{"page", t.Sites[0], ""}, {"http_2xx", t.Sites[0], "/api/health"}, {"health", t.Sites[1], "/healthcheck"},
	} {
		job := probe(Blackbox+"-"+site.module, "/probe", []string{"https://" + t.HTTPS + site.path}, exporter,
			map[string][]string{"module": {site.module}, "hostname": {site.host}})
		job.Targets = append(job.Targets, Relabel{Target: "instance", Replacement: "https://" + site.host + site.path})
		jobs = append(jobs, job)
	}
	return jobs
}

// probe is a job whose exporter is told with each scrape what to look at.
func probe(job, path string, targets []string, exporter int, params map[string][]string) Scrape {
	return Scrape{
		Job: job, Path: path, Params: params,
		Static: []Static{{Targets: targets, Labels: map[string]string{"namespace": monitoring, "service": job}}},
		Targets: []Relabel{
			{Source: []string{"__address__"}, Target: "__param_target"},
			{Source: []string{"__address__"}, Target: "instance", Regex: "(?:rediss://)?(.+)"},
			{Target: "__address__", Replacement: process.Address(exporter)},
		},
	}
}
