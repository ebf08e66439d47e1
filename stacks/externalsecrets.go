package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/externalsecret"
	"gatehouse/stacks/config"
)

// The stores that External Secrets reads: the environment's own entries, and
// those that RDS makes for itself, which are in Secrets Manager whatever keeps
// ours.
const (
	environmentStore = "gatehouse"
	databaseStore    = "gatehouse-rds"
)

// deployExternalSecrets brings the environment's secrets into the cluster. It
// returns what pods that use them wait for.
func deployExternalSecrets(ctx *pulumi.Context, env Environment, data DataOutputs, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	labels, in := ownership(env), namespaces[externalSecretsNamespace]
	operator, err := externalsecret.NewOperator(ctx, env.Named("external-secrets"), externalsecret.OperatorArgs{
		Namespace: in, Labels: labels, RoleARN: cluster.Roles["external-secrets"],
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy External Secrets: %w", err)
	}
	backend := secretBackend(env)
	var stores []pulumi.Resource
	for _, store := range []externalsecret.StoreArgs{
		{Name: environmentStore, Backend: backend, Namespaces: []string{portalNamespace, backstageNamespace, monitoringNamespace}},
		{Name: databaseStore, Backend: secretsManager(env), Namespaces: []string{backstageNamespace}},
	} {
		store.OperatorNamespace, store.Labels = in, labels
		made, err := externalsecret.NewStore(ctx, env.Named("secret-store-"+store.Name), store,
			append(opts, component.DependsOn(operator.Controller))...)
		if err != nil {
			return nil, fmt.Errorf("deploy secret store %s: %w", store.Name, err)
		}
		stores = append(stores, made)
	}
	var ready []pulumi.Resource
	for namespace, secrets := range clusterSecrets(env, data) {
		for _, secret := range secrets {
			secret.Namespace, secret.Labels, secret.Store, secret.Backend = namespaces[namespace], labels, environmentStore, backend
			made, err := externalsecret.New(ctx, env.Named("secret-"+namespace+"-"+secret.Name), secret,
				append(opts, component.DependsOn(stores...))...)
			if err != nil {
				return nil, fmt.Errorf("deploy the secrets of %s: %w", namespace, err)
			}
			ready = append(ready, made)
		}
	}
	return ready, nil
}

// secretBackend is where the environment's entries are.
func secretBackend(env Environment) externalsecret.Backend {
	c := env.Config.Platform.Secrets
	if c.Store != config.StoreVault {
		return secretsManager(env)
	}
	return externalsecret.Vault{
		Address: string(c.Vault.Address), Path: c.Vault.Path, MountPath: c.Vault.MountPath, Role: c.Vault.Role, Prefix: env.Prefix,
	}
}

func secretsManager(env Environment) externalsecret.Backend {
	return externalsecret.SecretsManager{Region: env.Region, Prefix: env.Prefix}
}
