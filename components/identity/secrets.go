package identity

// externalSecrets copies this environment's secrets, and no other's, from
// Secrets Manager into the cluster.
func externalSecrets(r Resources) Workload {
	return Workload{
		Name: "external-secrets", Namespace: "external-secrets", ServiceAccounts: []string{"external-secrets"},
		Statements: r.readSecrets(),
	}
}
