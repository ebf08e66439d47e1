package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/redis"
	"gatehouse/stacks/config"
)

// redisMonitorUser is the cache's user of the exporter.
const redisMonitorUser = "monitor"

// watchesRedis says that the environment has an entry for the password of the
// cache's user monitor. Without one there is neither user nor exporter.
func watchesRedis(env Environment) bool {
	_, ok := env.Config.Foundation.Secrets[config.RedisLogin]
	return ok
}

// redisUserName is a user's name in Redis, known before the cache is made.
func redisUserName(env Environment, user string) string {
	return redis.UserName(env.Named("redis"), user)
}

// redisMonitors are the users that look at the cache: the exporter's, or none.
// It has a password since the exporter cannot make IAM tokens.
func redisMonitors(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, inLayer pulumi.ResourceOption) ([]redis.User, error) {
	if !watchesRedis(env) {
		return nil, nil
	}
	password, err := redisPassword(ctx, env, foundation, inLayer)
	if err != nil {
		return nil, fmt.Errorf("password of the cache's user %s: %w", redisMonitorUser, err)
	}
	return []redis.User{{
		Name: redisMonitorUser, Password: password,
		// It runs no command on keys, and no key begins so.
		Keys: []string{redisMonitorUser + ":*"},
		// What redis_exporter asks a node (its README, "Authenticating with
		// Redis"), less what reads keys and configuration.
		Commands: []string{
			"+ping", "+info", "+cluster|info", "+cluster|nodes", "+slowlog|len", "+slowlog|get", "+latency|latest", "+client|setname",
		},
	}}, nil
}

// redisPassword writes the entry's value at the first up and returns what was
// written. Each run draws another password and all but the first are ignored;
// replacing the version alone (`pulumi up --replace`) renews it.
//
// The cache reads the version, not the draw, so that both agree after an up
// that was cut off between them. Unlike other values this one is in Pulumi's
// state too, encrypted. Where Vault keeps the cluster's secrets, somebody has
// to copy it there.
func redisPassword(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, inLayer pulumi.ResourceOption) (pulumi.StringInput, error) {
	drawn := secretsmanager.GetRandomPasswordOutput(ctx, secretsmanager.GetRandomPasswordOutputArgs{
		PasswordLength: pulumi.Int(40), ExcludePunctuation: pulumi.Bool(true),
	}, pulumi.Provider(env.Providers.Regional)).RandomPassword()
	version, err := secretsmanager.NewSecretVersion(ctx, env.Named(config.RedisLogin), &secretsmanager.SecretVersionArgs{
		SecretId: foundation.SecretARNs[config.RedisLogin],
		// The SDK makes it a secret, also where it is read below.
		SecretString: drawn.ToStringPtrOutput(),
	}, inLayer, pulumi.IgnoreChanges([]string{"secretString"}), pulumi.RetainOnDelete(true))
	if err != nil {
		return nil, err
	}
	return version.SecretString.Elem(), nil
}
