package metrics

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"
	"strings"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// Names of the exporters and of their ports.
const (
	PostgresExporter = "postgres-exporter"
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
	// Stores are what the database's and the cache's look at.
	Stores data.Endpoints
	// Nginx is the port of nginx's own figures.
	Nginx int
	// CA is the PEM file of the authority that the probes trust.
	CA string
}

// ExporterNames are all of them, whether this machine has them or not.
func ExporterNames() []string {
	return []string{PostgresExporter, RedisExporter, NginxExporter, Blackbox}
}

// Servers returns those that this machine can run and that have something to
// look at, and for the others why it cannot.
func (e Exporters) Servers() (servers []data.Server, missing map[string]string) {
	missing = map[string]string{}
	for _, x := range []struct {
		name  string
		on    bool
		after []string
		make  func(data.Server) data.Server
	}{
		{PostgresExporter, e.Stores.Postgres != nil, []string{data.PrimaryName}, e.postgres},
		{RedisExporter, e.Stores.Redis != nil, []string{data.RedisName(1)}, e.redis},
		{NginxExporter, true, nil, e.nginx},
		{Blackbox, true, nil, e.blackbox},
	} {
		if !x.on {
			continue
		}
		path, err := find("prometheus-"+x.name, x.name, "prometheus-"+x.name)
		if err != nil {
			missing[x.name] = err.Error()
			continue
		}
		port := e.Ports[x.name]
		servers = append(servers, x.make(data.Server{
			Name: x.name, Port: x.name, After: x.after,
			Command: process.Command{Path: path, Log: e.Log(x.name)},
			// The first page: asking for the metrics has it look at all servers.
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

// postgres watches the primary and its replicas; this version tells them apart
// by the label server.
func (e Exporters) postgres(s data.Server) data.Server {
	p := e.Stores.Postgres
	var targets []string
	for _, address := range append([]string{p.Primary}, p.Replicas...) {
		targets = append(targets, address+"/"+p.Database+"?sslmode=verify-full&sslrootcert="+p.CA)
	}
	file := filepath.Join(e.Dir, "postgres-queries.yaml")
	s.Prepare = func(context.Context) error { return e.write(file, queries) }
	s.Command.Args = []string{"--" + e.listen(PostgresExporter), "--extend.query-path=" + file, "--log.level=warn"}
	s.Command.Env = []string{
		"DATA_SOURCE_URI=" + strings.Join(targets, ","), "DATA_SOURCE_USER=" + data.MonitorUser,
		"DATA_SOURCE_PASS_FILE=" + p.Users[data.MonitorUser],
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
	return os.WriteFile(path, text, 0o600)
}
