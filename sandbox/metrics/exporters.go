package metrics

import (
	"context"
	_ "embed"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// Names of the exporters and of their ports. PostgreSQL has one an instance: see
// [PostgresExporterOf].
const (
	PostgresExporter = "postgres-exporter"
	PoolerExporter   = "pgbouncer-exporter"
	RedisExporter    = "redis-exporter"
	NginxExporter    = "nginx-exporter"
	Blackbox         = "blackbox-exporter"
)

// Exporters say what is exported.
type Exporters struct {
	// Dir holds their files, and their logs are beside it: Log names one's.
	Dir string
	Log func(name string) string
	// Ports on loopback by name.
	Ports map[string]int
	// Stores are what the database's, the pooler's and the cache's look at.
	Stores data.Endpoints
	// Nginx is the port of nginx's own figures.
	Nginx int
	// CA is the PEM file of the authority that the probes trust.
	CA string
	// Executable is gatehouse, which is PgBouncer's exporter as `gatehouse sandbox
	// pgbouncer-exporter`: that of distributions has other names of metrics.
	Executable string
}

// ExporterNames are all of them, whether this machine has them or not.
func ExporterNames() []string {
	var names []string
	for _, instance := range data.PostgresNames() {
		names = append(names, PostgresExporterOf(instance))
	}
	return append(names, PoolerExporter, RedisExporter, NginxExporter, Blackbox, StateMetrics)
}

// PostgresExporterOf is the name of the exporter of an instance of PostgreSQL.
// [PostgresExporter] is that of the primary.
func PostgresExporterOf(instance string) string { return instance + "-exporter" }

// exporter is one of them: kind is what is installed for it, "" for our own.
type exporter struct {
	name, kind string
	after      []string
	make       func(data.Server) data.Server
}

// wanted are those that have something to look at.
func (e Exporters) wanted() []exporter {
	wanted := []exporter{{NginxExporter, NginxExporter, nil, e.nginx}, {Blackbox, Blackbox, nil, e.blackbox}}
	if p := e.Stores.Postgres; p != nil {
		for instance, address := range p.Instances() {
			wanted = append(wanted, exporter{
				PostgresExporterOf(instance), PostgresExporter,
				[]string{instance},
				func(s data.Server) data.Server { return e.postgres(s, address) },
			})
		}
	}
	if e.Stores.PgBouncer != nil {
		wanted = append(wanted, exporter{PoolerExporter, "", []string{data.PoolerName}, e.pooler})
	}
	if e.Stores.Redis != nil {
		wanted = append(wanted, exporter{RedisExporter, RedisExporter, []string{data.RedisName(1)}, e.redis})
	}
	return wanted
}

// Servers returns those that this machine can run and that have something to
// look at, and for the others, by kind, why it cannot.
func (e Exporters) Servers() (servers []data.Server, missing map[string]string) {
	missing = map[string]string{}
	for _, x := range e.wanted() {
		path := e.Executable
		if x.kind != "" {
			var err error
			if path, err = find("prometheus-"+x.kind, x.kind, "prometheus-"+x.kind); err != nil {
				missing[x.kind] = err.Error()
				continue
			}
		}
		port := e.Ports[x.name]
		servers = append(servers, x.make(data.Server{
			Name: x.name, Port: x.name, After: x.after,
			Command: process.Command{Path: path, Log: e.Log(x.name)},
			// The first page: asking for the metrics has it look at the server.
			Healthy: func(ctx context.Context) error { return answers(ctx, x.name, url(port)+"/") },
		}))
	}
	return servers, missing
}

func (e Exporters) listen(name string) string {
	return "web.listen-address=" + process.Address(e.Ports[name])
}

//go:embed postgres-queries.yaml
var queries []byte

// postgres watches one instance, in its portal database.
func (e Exporters) postgres(s data.Server, address string) data.Server {
	p := e.Stores.Postgres
	file := filepath.Join(e.Dir, "postgres-queries.yaml")
	s.Prepare = func(context.Context) error { return e.write(file, queries) }
	s.Command.Args = []string{"--" + e.listen(s.Name), "--extend.query-path=" + file, "--log.level=warn"}
	s.Command.Env = []string{
		"DATA_SOURCE_URI=" + address + "/" + p.Database + "?sslmode=verify-full&sslrootcert=" + p.CA,
		"DATA_SOURCE_USER=" + data.MonitorUser, "DATA_SOURCE_PASS_FILE=" + p.Users[data.MonitorUser],
	}
	return s
}

func (e Exporters) pooler(s data.Server) data.Server {
	p := e.Stores.PgBouncer
	s.Command.Args = []string{
		"sandbox", PoolerExporter, "--listen", process.Address(e.Ports[PoolerExporter]), "--address", p.Address,
		"--console", p.Console, "--user", data.MonitorUser, "--password-file", p.Users[data.MonitorUser], "--ca", p.CA,
	}
	return s
}

// redis is told with each scrape which node is meant. A password by file is
// looked up by node, and the scrape's own address is not in such a file: it is
// handed over in the environment, by the shell that becomes the exporter.
func (e Exporters) redis(s data.Server) data.Server {
	r := e.Stores.Redis
	exporter := s.Command.Path
	s.Command.Path = "/bin/sh"
	s.Command.Args = []string{
		"-c", `REDIS_PASSWORD=$(cat "$1") && export REDIS_PASSWORD && shift && exec "$@"`, "sh", r.Users[data.MonitorUser],
		exporter, "-" + e.listen(RedisExporter), "-redis.addr=", "-redis.user=" + data.MonitorUser,
		"-tls-ca-cert-file=" + r.CA, "-config-command=-",
	}
	return s
}

func (e Exporters) nginx(s data.Server) data.Server {
	s.Command.Args = []string{
		"-" + e.listen(NginxExporter), "-nginx.scrape-uri=" + url(e.Nginx) + "/stub_status",
		"-nginx.retries=100", "-nginx.retry-interval=100ms", // nginx starts beside it
	}
	return s
}

//go:embed blackbox.yaml
var probes string

// blackbox has the modules of a real environment's, with the sandbox's
// authority.
func (e Exporters) blackbox(s data.Server) data.Server {
	file := filepath.Join(e.Dir, "blackbox.yaml")
	s.Prepare = func(context.Context) error {
		return e.write(file, []byte(strings.ReplaceAll(probes, "AUTHORITY", e.CA)))
	}
	s.Command.Args = []string{"--" + e.listen(Blackbox), "--config.file=" + file, "--log.level=warn"}
	return s
}

func (e Exporters) write(path string, text []byte) error {
	if err := folders(e.Dir); err != nil {
		return err
	}
	return renameio.WriteFile(path, text, 0o600) // several read the same
}
