package readiness

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"gopkg.in/yaml.v3"
)

// The variables that passwords come in, as `gatehouse check` calls them.
const (
	PostgresPassword  = "GATEHOUSE_POSTGRES_PASSWORD"
	PgBouncerPassword = "GATEHOUSE_PGBOUNCER_PASSWORD"
	RedisPassword     = "GATEHOUSE_REDIS_PASSWORD"
)

// Monitor is the login of PostgreSQL and PgBouncer that reads figures alone.
const Monitor = "monitor"

// Targets are the systems that are judged. They become a targets.yaml, whose
// keys docs/readiness.md tells.
type Targets struct {
	Environment string
	// Namespaces are the portal's own.
	Namespaces []string
	AWS        AWS
	// Primary is host:port of the database, Replicas of those that follow it.
	Primary  pulumi.StringInput
	Replicas pulumi.StringArrayInput
	Database string
	// RDSCertificates is the path of RDS's certificate authorities in the image.
	RDSCertificates string
	// PgBouncer is host:port of the pooler.
	PgBouncer string
	// Redis is host:port of the cache, RedisUser its user that reads figures.
	// Without a user nobody can ask it.
	Redis     pulumi.StringInput
	RedisUser string
	// Portal and API are the portal's URLs, Hosts their names.
	Portal, API string
	Hosts       []string
	// Prometheus and Alertmanager are URLs.
	Prometheus, Alertmanager string
}

// AWS is the account with the environment's resources.
type AWS struct {
	Region, AccountID, Prefix string
	// Cluster to HostedZone are as targets.yaml calls them.
	Cluster, VPC, Database, Cache, Filesystem, BackupVault pulumi.StringInput
	Distribution, WebACL, Certificate, HostedZone          pulumi.StringInput
	// Buckets are by purpose, Repositories names of ECR repositories.
	Buckets      map[string]pulumi.StringInput
	Repositories []string
}

// variables are those that the job is given.
func (t Targets) variables() []string {
	names := []string{PgBouncerPassword, PostgresPassword}
	if t.RedisUser != "" {
		names = append(names, RedisPassword)
	}
	return names
}

// yaml is the file, with its keys sorted.
func (t Targets) yaml() pulumi.StringOutput {
	text := func(s string) pulumi.String { return pulumi.String(s) }
	from := func(variable string) pulumi.Map { return pulumi.Map{"env": text(variable)} }
	buckets := pulumi.StringMap{}
	for purpose, name := range t.AWS.Buckets {
		buckets[purpose] = name
	}
	file := pulumi.Map{
		"environment": text(t.Environment), "namespaces": pulumi.ToStringArray(t.Namespaces),
		"aws": pulumi.Map{
			"region": text(t.AWS.Region), "accountId": text(t.AWS.AccountID), "prefix": text(t.AWS.Prefix),
			"cluster": t.AWS.Cluster, "vpc": t.AWS.VPC, "database": t.AWS.Database, "cache": t.AWS.Cache,
			"filesystem": t.AWS.Filesystem, "backupVault": t.AWS.BackupVault, "distribution": t.AWS.Distribution,
			"webAcl": t.AWS.WebACL, "certificate": t.AWS.Certificate, "hostedZone": t.AWS.HostedZone,
			"buckets": buckets, "repositories": pulumi.ToStringArray(t.AWS.Repositories),
		},
		"kubernetes": pulumi.Map{}, // the pod's own account
		"postgres": pulumi.Map{
			"primary": t.Primary, "replicas": t.Replicas, "database": text(t.Database), "user": text(Monitor),
			"password": from(PostgresPassword), "tls": text("verify-full"), "ca": text(t.RDSCertificates),
		},
		"pgbouncer": pulumi.Map{
			"address": text(t.PgBouncer), "user": text(Monitor), "password": from(PgBouncerPassword),
			"tls": text("disable"), // the mesh encrypts it
		},
		"web":          pulumi.Map{"portal": text(t.Portal), "api": text(t.API)},
		"dns":          pulumi.Map{"names": pulumi.ToStringArray(t.Hosts)},
		"prometheus":   pulumi.Map{"url": text(t.Prometheus)},
		"alertmanager": pulumi.Map{"url": text(t.Alertmanager)},
	}
	if t.RedisUser != "" {
		file["redis"] = pulumi.Map{
			"addresses": pulumi.StringArray{t.Redis}, "user": text(t.RedisUser), "password": from(RedisPassword),
			"tls": pulumi.Bool(true), "managed": pulumi.Bool(true),
		}
	}
	return file.ToMapOutput().ApplyT(func(values map[string]any) (string, error) {
		written, err := yaml.Marshal(values)
		if err != nil {
			return "", fmt.Errorf("write targets.yaml: %w", err)
		}
		return string(written), nil
	}).(pulumi.StringOutput)
}
