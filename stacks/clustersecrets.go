package stacks

import (
	"maps"
	"slices"

	"gatehouse/components/externalsecret"
	"gatehouse/components/pooler"
	"gatehouse/stacks/config"
)

// secretNames are the entries of foundation.secrets that the cluster reads, by
// the key that a Secret has them under.
type secretNames map[string]string

// entries are in the order of their keys, so that a program registers alike
// from run to run.
func (n secretNames) entries() []externalsecret.Entry {
	var list []externalsecret.Entry
	for _, key := range slices.Sorted(maps.Keys(n)) {
		list = append(list, externalsecret.Entry{Key: key, From: n[key]})
	}
	return list
}

// clusterSecrets is the table of the Secrets by namespace: what each workload
// is given, and no more.
func clusterSecrets(env Environment, data DataOutputs) map[string][]externalsecret.Args {
	return map[string][]externalsecret.Args{
		portalNamespace: {
			{Name: "portal-frontend", Entries: append(secretNames{
				"DATABASE_PASSWORD": "database-portal-login",
				"ENCRYPTION_KEY":    "encryption-key",
				"JWT_SIGNING_KEY":   "jwt-signing-key",
				"SESSION_KEY":       "session-key",
			}.entries(), github("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET")...)},
			{Name: "websocket", Entries: secretNames{
				"JWT_SIGNING_KEY": "jwt-signing-key",
				"SESSION_KEY":     "session-key",
			}.entries()},
		},
		backstageNamespace: append(pluginSecrets(env.Config), []externalsecret.Args{
			{Name: "backstage", Entries: append(secretNames{
				"BACKEND_SECRET":    "backstage-backend-key",
				"GITHUB_TOKEN":      "github-token",
				"POSTGRES_PASSWORD": "database-backstage-login",
			}.entries(), github("AUTH_GITHUB_CLIENT_ID", "AUTH_GITHUB_CLIENT_SECRET")...)},
			pgbouncerSecret(),
			keeperSecret(data),
		}...),
		monitoringNamespace: monitoringSecrets(env),
	}
}

// github are the two halves of the OAuth app, an entry that is a JSON object.
func github(id, secret string) []externalsecret.Entry {
	return []externalsecret.Entry{
		{Key: id, From: "github-oauth", Property: "clientId"},
		{Key: secret, From: "github-oauth", Property: "clientSecret"},
	}
}

// pgbouncerSecret is PgBouncer's auth_file. The monitor's login is for its
// console.
func pgbouncerSecret() externalsecret.Args {
	return externalsecret.Args{
		Name: "pgbouncer",
		Entries: secretNames{
			"backstage":    "database-backstage-login",
			pooler.Monitor: "database-monitor-login",
			"portal":       "database-portal-login",
		}.entries(),
		Template: map[string]string{
			"userlist.txt": "\"backstage\" \"{{ .backstage }}\"\n\"monitor\" \"{{ .monitor }}\"\n\"portal\" \"{{ .portal }}\"\n",
		},
	}
}

// keeperSecret is the master's login, with which the keeper sets the others'
// passwords.
func keeperSecret(data DataOutputs) externalsecret.Args {
	master := func(key, property string) externalsecret.Entry {
		return externalsecret.Entry{Key: key, ARN: data.Postgres.MasterSecretARN, Store: databaseStore, Property: property}
	}
	return externalsecret.Args{
		Name: "keeper",
		Entries: append(secretNames{
			"PASSWORD_BACKSTAGE": "database-backstage-login",
			"PASSWORD_BACKUP":    "database-backup-login",
			"PASSWORD_DRILL":     "database-drill-login",
			"PASSWORD_MONITOR":   "database-monitor-login",
			"PASSWORD_PORTAL":    "database-portal-login",
		}.entries(), master("MASTER_USERNAME", "username"), master("MASTER_PASSWORD", "password")),
	}
}

func monitoringSecrets(env Environment) []externalsecret.Args {
	receivers := secretNames{"slack-webhook": "slack-webhook", "pagerduty-routing-key": "pagerduty-routing-key"}
	if env.Config.Monitoring.DeadMansSwitch {
		receivers["dead-mans-switch"] = "dead-mans-switch"
	}
	list := []externalsecret.Args{
		{Name: "alertmanager-receivers", Entries: receivers.entries()},
		{
			Name:     "grafana-admin",
			Entries:  secretNames{"password": "grafana-admin"}.entries(),
			Template: map[string]string{"admin-user": "admin", "admin-password": "{{ .password }}"},
		},
		{
			Name:     "postgres-exporter",
			Entries:  secretNames{"password": "database-monitor-login"}.entries(),
			Template: map[string]string{"postgres_exporter.yml": postgresExporterFile},
		},
	}
	if watchesRedis(env) {
		list = append(list, externalsecret.Args{
			Name:     "redis-exporter",
			Entries:  secretNames{"password": config.RedisLogin}.entries(),
			Template: map[string]string{"REDIS_USER": redisUserName(env, redisMonitorUser), "REDIS_PASSWORD": "{{ .password }}"},
		})
	}
	return append(list, readinessSecrets(env)...)
}

// postgresExporterFile is the exporter's configuration: one exporter asks all
// instances, and takes their password from a file only.
const postgresExporterFile = `auth_modules:
  monitor:
    type: userpass
    userpass:
      username: monitor
      password: "{{ .password }}"
    options:
      sslmode: verify-full
      sslrootcert: /etc/rds/rds-global-bundle.pem
`
