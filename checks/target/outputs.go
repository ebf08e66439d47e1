package target

import (
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
)

// Names of the variables that secrets are read from when nothing else is said.
const (
	PostgresPassword  = "GATEHOUSE_POSTGRES_PASSWORD"
	PgBouncerPassword = "GATEHOUSE_PGBOUNCER_PASSWORD"
	RedisPassword     = "GATEHOUSE_REDIS_PASSWORD"
	SmokeToken        = "GATEHOUSE_SMOKE_TOKEN"
	SmokePassword     = "GATEHOUSE_SMOKE_PASSWORD"
	PrometheusToken   = "GATEHOUSE_PROMETHEUS_TOKEN"
)

// FromOutputs finds the systems of an environment of ours in the outputs of its
// stack (docs/architecture.md lists them). What an output does not tell, such
// as where Prometheus is reached from here, targets.yaml adds.
func FromOutputs(environment, region, account string, outputs map[string]any) Targets {
	text := func(name string) string { s, _ := outputs[name].(string); return s }
	t := Targets{Environment: environment, Namespaces: texts(outputs["namespaces"])}
	t.Namespaces = slices.DeleteFunc(t.Namespaces, func(n string) bool { return n != "developer-portal" && n != "backstage" })
	prefix := strings.TrimSuffix(text("clusterName"), "-cluster")
	t.AWS = &AWS{
		Region: region, AccountID: account, Prefix: prefix,
		Cluster: text("clusterName"), VPC: text("vpcId"), Database: text("databaseIdentifier"),
		Cache: prefix + "-redis", Filesystem: text("filesystemId"),
		BackupVault: afterLast(text("backupVaultArn"), ":"), Distribution: text("distributionDomain"),
		WebACL: text("webAclArn"), Certificate: text("certificateArn"), HostedZone: text("hostedZoneId"),
		Buckets: map[string]string{},
	}
	for purpose, output := range map[string]string{"backups": "backupBucket", "plugins": "pluginBucket", "audit": "auditBucket"} {
		if name := text(output); name != "" {
			t.AWS.Buckets[purpose] = name
		}
	}
	if urls, ok := outputs["repositoryUrls"].(map[string]any); ok {
		for _, short := range slices.Sorted(maps.Keys(urls)) {
			if address, ok := urls[short].(string); ok {
				_, name, _ := strings.Cut(address, "/")
				t.AWS.Repositories = append(t.AWS.Repositories, name)
			}
		}
	}
	t.Kubernetes = &Kubernetes{}
	if endpoint := text("databaseEndpoint"); endpoint != "" {
		t.Postgres = &Postgres{
			Primary: endpoint, Replicas: texts(outputs["databaseReaders"]), Database: "portal", User: "monitor",
			Password: Secret{Env: PostgresPassword}, TLS: "verify-full",
		}
	}
	if endpoint := text("redisEndpoint"); endpoint != "" {
		t.Redis = &Redis{Addresses: []string{endpoint}, User: "monitor", Password: Secret{Env: RedisPassword}, TLS: true, Managed: true}
	}
	if portal := text("portalUrl"); portal != "" {
		t.Web = &Web{
			Portal: portal, API: text("apiUrl"),
			Token: Secret{Env: SmokeToken}, User: "smoke", Password: Secret{Env: SmokePassword},
		}
		t.DNS = &DNS{Names: hosts(portal, text("apiUrl"))}
	}
	t.complete()
	return t
}

// hosts are the host names of URLs.
func hosts(urls ...string) []string {
	var names []string
	for _, each := range urls {
		if parsed, err := url.Parse(each); err == nil && parsed.Hostname() != "" && net.ParseIP(parsed.Hostname()) == nil {
			names = append(names, parsed.Hostname())
		}
	}
	return names
}

func texts(value any) []string {
	list, _ := value.([]any)
	var all []string
	for _, each := range list {
		if text, ok := each.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

func afterLast(text, separator string) string { return text[strings.LastIndex(text, separator)+1:] }
