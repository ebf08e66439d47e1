package identity

import (
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// externalSecrets copies this environment's secrets, and no other's, from
// Secrets Manager into the cluster: the configured ones, and the database
// master's login, which RDS keeps there itself.
func externalSecrets(r Resources) Workload {
	if r.DatabaseSecret != nil {
		secrets := map[string]pulumi.StringOutput{"database-master": r.DatabaseSecret.ToStringOutput()}
		maps.Copy(secrets, r.Secrets)
		r.Secrets = secrets
	}
	return Workload{
		Name: "external-secrets", Namespace: "external-secrets", ServiceAccounts: []string{"external-secrets"},
		Statements: r.readSecrets(),
	}
}
