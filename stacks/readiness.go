package stacks

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/externalsecret"
	"gatehouse/components/identity"
	"gatehouse/components/pooler"
	"gatehouse/components/readiness"
	"gatehouse/stacks/config"
)

// readinessSecret is the Secret with the passwords of the readiness checks.
const readinessSecret = "readiness"

// deployReadiness makes the job that runs the readiness checks in the cluster.
// Waivers and attestations come with its image: they are reviewed with the code,
// and a Secret or ConfigMap that anybody could change would excuse anything.
func deployReadiness(ctx *pulumi.Context, d readinessInputs, opts ...pulumi.ResourceOption) error {
	if !d.env.Config.Readiness.Enabled {
		return nil
	}
	if _, err := readiness.New(ctx, d.env.Named("readiness"), readinessArgs(d), opts...); err != nil {
		return fmt.Errorf("deploy readiness checks: %w", err)
	}
	return nil
}

// readinessInputs is what the job is made from: it looks at every layer.
type readinessInputs struct {
	env        Environment
	foundation FoundationOutputs
	network    NetworkOutputs
	edge       EdgeOutputs
	data       DataOutputs
	cluster    ClusterOutputs
	namespaces map[string]pulumi.StringOutput
}

func readinessArgs(d readinessInputs) readiness.Args {
	c := d.env.Config.Readiness
	return readiness.Args{
		Namespace: d.namespaces[monitoringNamespace], NamespaceName: monitoringNamespace, Labels: ownership(d.env),
		Image:   imageOf(d.foundation, "gatehouse", c.Image),
		RoleARN: d.cluster.Roles["readiness"], Schedule: string(c.Schedule),
		Bucket: d.foundation.Audit.Name, Prefix: identity.ReportsPrefix,
		Pushgateway: "http://" + service("pushgateway", monitoringNamespace) + ":9091",
		Secret:      readinessSecret, Targets: readinessTargets(d),
		Portal: map[string]pulumi.StringOutput{
			portalNamespace: d.namespaces[portalNamespace], backstageNamespace: d.namespaces[backstageNamespace],
		},
	}
}

// readinessTargets are what the stack's outputs tell (checks/target.FromOutputs),
// and what is reached from inside the cluster alone. There are no logins for the
// smoke tests: the items that need one say so.
func readinessTargets(d readinessInputs) readiness.Targets {
	t := readiness.Targets{
		Environment: d.env.Name, Namespaces: []string{portalNamespace, backstageNamespace},
		AWS: readiness.AWS{
			Region: d.env.Region, AccountID: d.env.AccountID, Prefix: d.env.Prefix,
			Cluster: d.cluster.Name, VPC: d.network.VPCID, Database: d.data.Postgres.Identifier,
			Cache: pulumi.String(d.env.Named("redis")), Filesystem: d.data.Filesystem.ID, BackupVault: lastOf(d.data.VaultARN),
			Distribution: d.edge.DistributionDomain, WebACL: d.edge.WebACLARN, Certificate: d.edge.CertificateARN, HostedZone: d.edge.ZoneID,
			Buckets: map[string]pulumi.StringInput{
				"backups": d.foundation.Backups.Name, "plugins": d.foundation.Plugins.Name, "audit": d.foundation.Audit.Name,
			},
		},
		Primary: d.data.Postgres.Endpoint, Replicas: d.data.Postgres.Readers, Database: "portal",
		RDSCertificates: "/etc/ssl/certs/rds-global-bundle.pem",
		PgBouncer:       fmt.Sprintf("%s:%d", service(pooler.Service, backstageNamespace), pooler.Port),
		Redis:           d.data.Redis.Endpoint,
		Portal:          "https://" + portalHost(d.env), API: "https://" + apiHost(d.env),
		Hosts:        []string{portalHost(d.env), apiHost(d.env)},
		Prometheus:   "http://" + service("prometheus", monitoringNamespace) + ":9090",
		Alertmanager: "http://" + service("alertmanager", monitoringNamespace) + ":9093",
	}
	for _, name := range slices.Sorted(slices.Values(repositories())) {
		t.AWS.Repositories = append(t.AWS.Repositories, d.env.Prefix+"/"+name)
	}
	if watchesRedis(d.env) {
		t.RedisUser = redisUserName(d.env, redisMonitorUser)
	}
	return t
}

// readinessSecrets are the logins that read figures alone, under the names of
// the job's variables.
func readinessSecrets(env Environment) []externalsecret.Args {
	if !env.Config.Readiness.Enabled {
		return nil
	}
	logins := secretNames{
		readiness.PgBouncerPassword: "database-monitor-login",
		readiness.PostgresPassword:  "database-monitor-login",
	}
	if watchesRedis(env) {
		logins[readiness.RedisPassword] = config.RedisLogin
	}
	return []externalsecret.Args{{Name: readinessSecret, Entries: logins.entries()}}
}
