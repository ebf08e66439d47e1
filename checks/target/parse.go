package target

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"

	"gopkg.in/yaml.v3"

	"gatehouse/checks/evidence"
)

// FileName is where a project says where systems are that its outputs do not
// tell, beside Pulumi.yaml.
const FileName = "targets.yaml"

// Parse reads a targets.yaml; name is for its messages. It reads nothing by
// halves.
func Parse(name string, content []byte) (Targets, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	var t Targets
	if err := decoder.Decode(&t); err != nil && !errors.Is(err, io.EOF) {
		return Targets{}, fmt.Errorf("read targets: %s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var problems []error
	for _, problem := range t.check() {
		problems = append(problems, fmt.Errorf("%s: %s", name, problem))
	}
	if len(problems) > 0 {
		return Targets{}, fmt.Errorf("read targets: %w", errors.Join(problems...))
	}
	t.complete()
	return t, nil
}

// Over lays the sections that another names over these: a section is taken
// whole.
func (t Targets) Over(base Targets) Targets {
	take := func(from *Targets) {
		base.Environment = or(from.Environment, base.Environment)
		if len(from.Namespaces) > 0 {
			base.Namespaces = from.Namespaces
		}
		base.AWS = orPointer(from.AWS, base.AWS)
		base.Kubernetes = orPointer(from.Kubernetes, base.Kubernetes)
		base.Postgres = orPointer(from.Postgres, base.Postgres)
		base.PgBouncer = orPointer(from.PgBouncer, base.PgBouncer)
		base.Redis = orPointer(from.Redis, base.Redis)
		base.Web = orPointer(from.Web, base.Web)
		base.DNS = orPointer(from.DNS, base.DNS)
		base.Prometheus = orPointer(from.Prometheus, base.Prometheus)
		base.Alertmanager = orPointer(from.Alertmanager, base.Alertmanager)
		base.Artefacts = orPointer(from.Artefacts, base.Artefacts)
		if from.Thresholds != nil {
			base.Thresholds = from.Thresholds
		}
	}
	take(&t)
	base.complete()
	return base
}

func orPointer[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// complete fills in what has a default, and says of what is not there what to do.
func (t *Targets) complete() {
	if len(t.Namespaces) == 0 {
		t.Namespaces = []string{"developer-portal", "backstage"}
	}
	if w := t.Web; w != nil {
		w.PortalHealth = or(w.PortalHealth, "/api/health")
		w.APIHealth = or(w.APIHealth, "/healthcheck")
		w.Plugins = or(w.Plugins, "/v1/plugins")
		w.Login = or(w.Login, "/auth/login")
	}
	if t.Missing == nil {
		t.Missing = map[evidence.Source]string{}
	}
	for source, absent := range map[evidence.Source]bool{
		evidence.AWS: t.AWS == nil, evidence.Kubernetes: t.Kubernetes == nil, evidence.Postgres: t.Postgres == nil,
		evidence.PgBouncer: t.PgBouncer == nil, evidence.Redis: t.Redis == nil, evidence.Web: t.Web == nil,
		evidence.DNS: t.DNS == nil, evidence.Prometheus: t.Prometheus == nil, evidence.Alertmanager: t.Alertmanager == nil,
		evidence.Artefact: t.Artefacts == nil, evidence.State: t.State == nil,
	} {
		switch {
		case !absent:
			delete(t.Missing, source)
		case t.Missing[source] == "" && source == evidence.State:
			t.Missing[source] = "there is no state of a stack to read; name one with -s"
		case t.Missing[source] == "":
			t.Missing[source] = fmt.Sprintf("nobody said where it is; add a section %s to %s", section(source), FileName)
		}
	}
}

func section(source evidence.Source) string {
	if source == evidence.Artefact {
		return "artefacts"
	}
	return string(source)
}

// check says everything that is wrong with targets.
func (t Targets) check() []string {
	var problems []string
	address := func(key, value string) {
		if _, _, err := net.SplitHostPort(value); err != nil {
			problems = append(problems, fmt.Sprintf("%s: want HOST:PORT, found %q", key, value))
		}
	}
	web := func(key, value string) {
		if parsed, err := url.Parse(value); err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
			problems = append(problems, fmt.Sprintf("%s: want a URL such as https://portal.example.com, found %q", key, value))
		}
	}
	if p := t.Postgres; p != nil {
		address("postgres.primary", p.Primary)
		for _, replica := range p.Replicas {
			address("postgres.replicas", replica)
		}
	}
	if t.PgBouncer != nil {
		address("pgbouncer.address", t.PgBouncer.Address)
	}
	if t.Redis != nil {
		if len(t.Redis.Addresses) == 0 {
			problems = append(problems, "redis.addresses: want at least one HOST:PORT")
		}
		for _, each := range t.Redis.Addresses {
			address("redis.addresses", each)
		}
	}
	if t.Web != nil {
		web("web.portal", t.Web.Portal)
		web("web.api", t.Web.API)
		for _, each := range t.Web.Resolve {
			address("web.resolve", each)
		}
	}
	if t.Prometheus != nil {
		web("prometheus.url", t.Prometheus.URL)
	}
	if t.Alertmanager != nil {
		web("alertmanager.url", t.Alertmanager.URL)
	}
	if t.AWS != nil && t.AWS.Region == "" {
		problems = append(problems, "aws.region is missing")
	}
	return problems
}
