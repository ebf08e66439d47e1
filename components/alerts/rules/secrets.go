package rules

// secrets watches what copies secrets into the cluster.
func secrets() Topic {
	return Topic{
		Name: "secrets",
		Alerts: []Alert{{
			Name: "ExternalSecretNotSynced", Severity: Warning, Team: Security, Service: "external-secrets", For: "15m",
			Expr:        `max by (exported_namespace, name) (externalsecret_status_condition{condition="Ready",status="False"}) == 1`,
			Summary:     "Secret {{ $labels.name }} is not copied",
			Description: "External Secrets has not been able to copy {{ $labels.name }} for 15 minutes: a rotated password does not arrive.",
		}},
	}
}
