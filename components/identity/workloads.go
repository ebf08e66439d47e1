package identity

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
)

// Resources are the parts of an environment that workloads may be allowed to
// touch. Nothing outside them is allowed but what AWS lets nobody narrow.
type Resources struct {
	// Partition, Region and AccountID are those of every ARN.
	Partition, Region, AccountID string
	// ClusterName is the EKS cluster.
	ClusterName string
	// Plugins and Backups are the ARNs of the buckets, StorageKey that of
	// their key.
	Plugins, Backups, StorageKey pulumi.StringInput
	// Secrets are the ARNs of the Secrets Manager entries by their configured
	// names, SecretsKey that of their key.
	Secrets    map[string]pulumi.StringOutput
	SecretsKey pulumi.StringInput
	// Reports is the ARN of the bucket that readiness runs are kept in, nil when
	// none run in the cluster; ReportsKey that of its key.
	Reports, ReportsKey pulumi.StringInput
	// Trail is the ARN of the bucket that holds the audit trail of plugins, nil
	// when they are not managed; TrailKey that of its key.
	Trail, TrailKey pulumi.StringInput
	// BuildProject is the project of AWS CodeBuild that rebuilds Backstage with
	// plugins, "" for none.
	BuildProject string
	// VolumesKey is the ARN of the key of EBS volumes.
	VolumesKey pulumi.StringInput
	// Repositories are the ARNs of the image repositories by short name.
	Repositories map[string]pulumi.StringInput
	// Database is the RDS instance: its ARN and its immutable resource ID.
	Database           pulumi.StringInput
	DatabaseResourceID pulumi.StringInput
	// DatabaseSecret is the ARN of the entry in which RDS keeps the master's
	// login; nil when nobody is to read it.
	DatabaseSecret pulumi.StringInput
	// Cache is the ARN of the Redis replication group, CacheUsers those of its
	// users by application.
	Cache      pulumi.StringInput
	CacheUsers map[string]pulumi.StringOutput
	// ZoneID is the Route 53 zone, Domain the portal's name in it.
	ZoneID pulumi.StringInput
	Domain string
	// LogGroups is how the names of the workloads' log groups begin.
	LogGroups string
}

// Workloads is the table of a cluster's workloads, in the order of names.
func Workloads(r Resources) []Workload {
	workloads := []Workload{
		autoscaler(r),
		backstage(r),
		backup(r),
		certManager(r),
		ebsDriver(r),
		efsDriver(),
		externalDNS(r),
		externalSecrets(r),
		fluentBit(r),
		loadBalancerController(r),
		networkPlugin(),
		pluginInstaller(r),
		portal(r),
	}
	if r.Reports != nil {
		workloads = append(workloads, readiness(r))
	}
	return workloads
}

// arn renders the ARN of something of the region and account.
func (r Resources) arn(service, resource string) pulumi.StringInput {
	return pulumi.Sprintf("arn:%s:%s:%s:%s:%s", r.Partition, service, r.Region, r.AccountID, resource)
}

// allow is a statement without conditions.
func allow(id string, actions []string, resources ...pulumi.StringInput) iampolicy.Statement {
	return iampolicy.Statement{ID: id, Effect: iampolicy.Allow, Actions: actions, Resources: resources}
}

// anywhere is the resource of actions that AWS does not let anyone narrow,
// mostly lists and descriptions.
const anywhere = pulumi.String("*")

// under is an ARN and what it contains, e.g. a bucket's objects.
func under(arn pulumi.StringInput, pattern string) pulumi.StringInput {
	return pulumi.Sprintf("%s%s", arn, pattern)
}

// throughService allows the use of a key, though only by way of a service.
func (r Resources) throughService(id, service string, key pulumi.StringInput, actions ...string) iampolicy.Statement {
	s := allow(id, actions, key)
	s.Conditions = []iampolicy.Condition{iampolicy.Is("kms:ViaService", service+"."+r.Region+".amazonaws.com")}
	return s
}

// readBucket allows to list a bucket and read its objects.
func (r Resources) readBucket(id string, bucket pulumi.StringInput) []iampolicy.Statement {
	return []iampolicy.Statement{
		allow(id+"List", []string{"s3:GetBucketLocation", "s3:ListBucket"}, bucket),
		allow(id+"Read", []string{"s3:GetObject", "s3:GetObjectVersion"}, under(bucket, "/*")),
		r.throughService(id+"Key", "s3", r.StorageKey, "kms:Decrypt"),
	}
}

// writeBucket allows to put objects into a bucket, in parts where they are
// large.
func (r Resources) writeBucket(id string, bucket pulumi.StringInput) []iampolicy.Statement {
	return []iampolicy.Statement{
		allow(id+"Write", []string{"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"}, under(bucket, "/*")),
		r.throughService(id+"WriteKey", "s3", r.StorageKey, "kms:Decrypt", "kms:GenerateDataKey"),
	}
}

// readSecrets allows to read the environment's secrets; an environment may
// have none.
func (r Resources) readSecrets() []iampolicy.Statement {
	if len(r.Secrets) == 0 {
		return nil
	}
	return []iampolicy.Statement{
		allow("Secrets", []string{"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:ListSecretVersionIds"}, sorted(r.Secrets)...),
		r.throughService("SecretsKey", "secretsmanager", r.SecretsKey, "kms:Decrypt"),
	}
}

// connectDatabase allows to log in to PostgreSQL as one of its users with IAM
// authentication.
func (r Resources) connectDatabase(user string) iampolicy.Statement {
	return allow("Database", []string{"rds-db:connect"},
		pulumi.Sprintf("arn:%s:rds-db:%s:%s:dbuser:%s/%s", r.Partition, r.Region, r.AccountID, r.DatabaseResourceID, user))
}

// connectCache allows to log in to Redis as an application's user; there is
// none when the cache has no such user.
func (r Resources) connectCache(application string) []iampolicy.Statement {
	user, ok := r.CacheUsers[application]
	if !ok {
		return nil
	}
	return []iampolicy.Statement{allow("Cache", []string{"elasticache:Connect"}, r.Cache, user)}
}

// sorted returns the values in the order of their names, so that policies
// render alike from run to run.
func sorted[V pulumi.StringInput](byName map[string]V) []pulumi.StringInput {
	var values []pulumi.StringInput
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		values = append(values, byName[name])
	}
	return values
}

// statements makes a list of statements.
func statements(list ...iampolicy.Statement) []iampolicy.Statement { return list }
