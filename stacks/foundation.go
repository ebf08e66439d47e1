package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/audit"
	"gatehouse/components/keys"
	"gatehouse/components/registry"
	"gatehouse/components/secretstore"
	"gatehouse/stacks/config"
)

// repositories are the images that an environment runs (deployment guide,
// "Plugin installation" and "Kubernetes").
func repositories() []string {
	return []string{"backstage-backend", "gatehouse", "keeper", "pgbouncer", "plugin-installer", "plugin-loader", "portal-frontend", "websocket"}
}

// deployFoundation makes what everything else stands on: keys, buckets,
// repositories and secrets, and the account's audit where it belongs to this
// environment.
func deployFoundation(ctx *pulumi.Context, env Environment) (FoundationOutputs, error) {
	inLayer, err := newLayer(ctx, env, "foundation", env.Providers.Regional)
	if err != nil {
		return FoundationOutputs{}, err
	}
	outputs := FoundationOutputs{}
	for _, step := range []func(*pulumi.Context, Environment, *FoundationOutputs, pulumi.ResourceOption) error{
		foundationKeys, foundationBuckets, foundationRegistry, foundationSecrets, foundationAudit,
	} {
		if err := step(ctx, env, &outputs, inLayer); err != nil {
			return FoundationOutputs{}, fmt.Errorf("deploy foundation: %w", err)
		}
	}
	return outputs, nil
}

func foundationKeys(ctx *pulumi.Context, env Environment, outputs *FoundationOutputs, inLayer pulumi.ResourceOption) error {
	k, err := keys.New(ctx, env.Named("key"), keys.Args{
		Partition: env.Partition, AccountID: env.AccountID, Region: env.Region,
		DeletionDays: env.Config.Foundation.KeyDeletionDays,
		Protect:      env.Config.Environment.Protect,
	}, inLayer)
	if err != nil {
		return err
	}
	outputs.Keys = Keys{
		Storage: k.ARN(keys.Storage), Database: k.ARN(keys.Database), Cache: k.ARN(keys.Cache),
		Filesystem: k.ARN(keys.Filesystem), Cluster: k.ARN(keys.Cluster), Volumes: k.ARN(keys.Volumes),
		Secrets: k.ARN(keys.Secrets), Logs: k.ARN(keys.Logs), Backup: k.ARN(keys.Backup), Registry: k.ARN(keys.Registry),
	}
	return nil
}

func foundationRegistry(ctx *pulumi.Context, env Environment, outputs *FoundationOutputs, inLayer pulumi.ResourceOption) error {
	r, err := registry.New(ctx, env.Named("registry"), registry.Args{
		Prefix: env.Prefix, Repositories: repositories(),
		KeepImages:      env.Config.Foundation.Registries.KeepImages,
		UntaggedDays:    env.Config.Foundation.Registries.UntaggedDays,
		KeyARN:          outputs.Keys.Registry,
		AccountSettings: env.Config.Environment.AccountServices,
		Protect:         env.Config.Environment.Protect,
	}, inLayer)
	if err != nil {
		return err
	}
	outputs.Repositories = map[string]Repository{}
	for name, made := range r.Repositories {
		outputs.Repositories[name] = Repository(made)
	}
	return nil
}

func foundationSecrets(ctx *pulumi.Context, env Environment, outputs *FoundationOutputs, inLayer pulumi.ResourceOption) error {
	secrets := map[string]secretstore.Secret{}
	for name, c := range env.Config.Foundation.Secrets {
		secret := secretstore.Secret{
			Description: c.Description, Generated: c.Rotation == config.RotationGenerated, RotationDays: c.RotationDays,
		}
		if c.InitialValue != nil {
			secret.InitialValue = c.InitialValue.Output()
		}
		secrets[name] = secret
	}
	s, err := secretstore.New(ctx, env.Named("secret"), secretstore.Args{
		Partition: env.Partition, AccountID: env.AccountID, Region: env.Region,
		Prefix: env.Prefix, Secrets: secrets,
		KeyARN: outputs.Keys.Secrets, LogsKeyARN: outputs.Keys.Logs,
		Protect: env.Config.Environment.Protect,
	}, inLayer)
	if err != nil {
		return err
	}
	outputs.SecretARNs = s.ARNs
	return nil
}

// foundationAudit does nothing where another environment owns the account's
// services.
func foundationAudit(ctx *pulumi.Context, env Environment, outputs *FoundationOutputs, inLayer pulumi.ResourceOption) error {
	if !env.Config.Environment.AccountServices {
		return nil
	}
	args := audit.Args{
		TrailName: trailName(env), Bucket: outputs.Audit.Name, TrailKeyARN: outputs.Keys.Logs,
		AuditBucketARN: outputs.Audit.ARN,
		DataBucketARNs: map[string]pulumi.StringInput{"backups": outputs.Backups.ARN},
		VolumesKeyARN:  outputs.Keys.Volumes,
		Protect:        env.Config.Environment.Protect,
	}
	if b := env.Config.Foundation.Budget; b != nil {
		args.Budget = &audit.Budget{
			MonthlyUSD: b.MonthlyUSD, AlertPercents: b.AlertPercents, Contact: string(env.Config.Environment.Contact),
		}
	}
	_, err := audit.New(ctx, env.Named("audit"), args, inLayer)
	return err
}
