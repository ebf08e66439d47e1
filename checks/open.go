package checks

import (
	"context"
	"encoding/json"
	"strings"

	"gatehouse/checks/collect/alertmanager"
	"gatehouse/checks/collect/artefact"
	"gatehouse/checks/collect/aws"
	"gatehouse/checks/collect/dns"
	"gatehouse/checks/collect/kubernetes"
	"gatehouse/checks/collect/pgbouncer"
	"gatehouse/checks/collect/postgres"
	"gatehouse/checks/collect/prometheus"
	"gatehouse/checks/collect/redis"
	"gatehouse/checks/collect/state"
	"gatehouse/checks/collect/web"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// Sources are the connections of a run. They connect when they are first asked.
type Sources struct {
	Readers    []evidence.Reader
	Identities map[evidence.Source]func(context.Context) (string, error)
	secrets    []string
	close      []func()
}

// collector is what every package of collect gives.
type collector interface {
	Readers() []evidence.Reader
	Identity(ctx context.Context) (string, error)
	Close()
}

// Open prepares the sources that the needed queries belong to, and no other. One
// that cannot be prepared gives readers that say why.
func Open(ctx context.Context, t target.Targets, folder string, needs []evidence.Name) *Sources {
	s := &Sources{Identities: map[evidence.Source]func(context.Context) (string, error){}}
	for _, source := range []struct {
		name evidence.Source
		open func() (collector, error)
	}{
		{evidence.AWS, opened(t.AWS, func(at target.AWS) (collector, error) { return aws.New(ctx, at) })},
		{evidence.Kubernetes, opened(t.Kubernetes, func(at target.Kubernetes) (collector, error) {
			return kubernetes.New(ctx, at, t.Namespaces)
		})},
		{evidence.Postgres, opened(t.Postgres, func(at target.Postgres) (collector, error) { return postgres.New(ctx, at) })},
		{evidence.PgBouncer, opened(t.PgBouncer, func(at target.PgBouncer) (collector, error) { return pgbouncer.New(ctx, at) })},
		{evidence.Redis, opened(t.Redis, func(at target.Redis) (collector, error) { return redis.New(ctx, at) })},
		{evidence.Web, opened(t.Web, func(at target.Web) (collector, error) { return web.New(ctx, at, web.Options{}) })},
		{evidence.DNS, opened(t.DNS, func(at target.DNS) (collector, error) { return dns.New(ctx, at) })},
		{evidence.Prometheus, opened(t.Prometheus, func(at target.HTTP) (collector, error) { return prometheus.New(ctx, at) })},
		{evidence.Alertmanager, opened(t.Alertmanager, func(at target.HTTP) (collector, error) { return alertmanager.New(ctx, at) })},
		{evidence.State, opened(t.State, func(at target.State) (collector, error) { return state.New(ctx, at) })},
		{evidence.Artefact, opened(t.Artefacts, func(at target.Artefacts) (collector, error) { return artefact.New(ctx, at, folder) })},
	} {
		wanted := needsFrom(source.name, needs)
		if len(wanted) == 0 || source.open == nil {
			continue
		}
		c, err := source.open()
		if err != nil {
			s.Readers = append(s.Readers, failing(source.name, wanted, err)...)
			continue
		}
		s.Readers = append(s.Readers, c.Readers()...)
		s.Identities[source.name] = c.Identity
		s.close = append(s.close, c.Close)
	}
	s.secrets = secretsOf(ctx, t)
	return s
}

// opened is nil without a target.
func opened[T any](at *T, open func(T) (collector, error)) func() (collector, error) {
	if at == nil {
		return nil
	}
	return func() (collector, error) { return open(*at) }
}

// Close ends every connection.
func (s *Sources) Close() {
	for _, c := range s.close {
		c()
	}
}

// secretsOf are the secrets that the targets name. One that cannot be read is
// none: the source that needs it says so.
func secretsOf(ctx context.Context, t target.Targets) []string {
	var places []target.Secret
	if t.Postgres != nil {
		places = append(places, t.Postgres.Password)
	}
	if t.PgBouncer != nil {
		places = append(places, t.PgBouncer.Password)
	}
	if t.Redis != nil {
		places = append(places, t.Redis.Password)
	}
	if t.Web != nil {
		places = append(places, t.Web.Token, t.Web.Password)
	}
	for _, api := range []*target.HTTP{t.Prometheus, t.Alertmanager} {
		if api != nil {
			places = append(places, api.Token)
		}
	}
	var secrets []string
	for _, place := range places {
		if secret, err := place.Resolve(ctx); err == nil && secret != "" {
			secrets = append(secrets, secret)
		}
	}
	return secrets
}

// Redact takes the secrets that the targets name out of a text, as they are and
// as JSON writes them.
func (s *Sources) Redact(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "[secret]")
		if quoted, err := json.Marshal(secret); err == nil {
			text = strings.ReplaceAll(text, string(quoted[1:len(quoted)-1]), "[secret]")
		}
	}
	return text
}

func needsFrom(source evidence.Source, needs []evidence.Name) []evidence.Name {
	var wanted []evidence.Name
	for _, name := range needs {
		if strings.HasPrefix(string(name), string(source)+".") {
			wanted = append(wanted, name)
		}
	}
	return wanted
}

// failing makes readers of a source that cannot be opened.
func failing(source evidence.Source, needs []evidence.Name, err error) []evidence.Reader {
	var readers []evidence.Reader
	for _, name := range needs {
		readers = append(readers, evidence.Reader{
			Name: name, Source: source, Read: func(context.Context) (any, error) { return nil, err },
		})
	}
	return readers
}
