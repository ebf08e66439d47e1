package stacks

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const (
	redisUserType     = "aws:elasticache/user:User"
	secretVersionType = "aws:secretsmanager/secretVersion:SecretVersion"
)

func watched() config.Config {
	c := configtest.Staging()
	c.Foundation.Secrets[config.RedisLogin] = config.Secret{Rotation: config.RotationManual}
	return c
}

func unwatched() config.Config {
	c := configtest.Staging()
	delete(c.Foundation.Secrets, config.RedisLogin)
	return c
}

func TestTheCacheAndTheEntryHaveOnePassword(t *testing.T) {
	seen := runData(t, watched())
	password := strings.Repeat("a", 40) // what the stand-in draws without punctuation

	version := seen.One(t, secretVersionType)
	require.Equal(t, "arn:"+config.RedisLogin, version.Input("secretId"))
	require.Equal(t, password, version.Input("secretString"))
	require.True(t, version.Inputs["secretString"].ContainsSecrets())
	require.Equal(t, []string{"secretString"}, version.IgnoreChanges, "each run draws another")
	require.Contains(t, version.Provider, "gatehouse-test-regional")

	user := seen.Named(t, redisUserType, "gatehouse-test-redis-monitor")
	require.Equal(t, []any{password}, user.Input("authenticationMode.passwords"))
	require.True(t, user.Inputs["authenticationMode"].ContainsSecrets())
	require.True(t, slices.ContainsFunc(user.Dependencies, func(urn string) bool { return strings.Contains(urn, secretVersionType) }),
		"the cache is told what was written: %v", user.Dependencies)
}

// The exporter signs in as the user that the data layer makes.
func TestTheExporterIsTheCachesUser(t *testing.T) {
	user := runData(t, watched()).Named(t, redisUserType, "gatehouse-test-redis-monitor")
	secret := namedSecret(t, runExternalSecrets(t, watched()), "redis-exporter")
	require.Equal(t, user.Input("userName"), secret.Input("spec.target.template.data.REDIS_USER"))
	require.Contains(t, secret.Input("spec.data[0].remoteRef.key"), config.RedisLogin)
}

func namedSecret(t *testing.T, seen componenttest.Registrations, name string) componenttest.Registration {
	t.Helper()
	for _, secret := range seen.OfType(externalSecretType) {
		if secret.Input("metadata.name") == name {
			return secret
		}
	}
	require.Failf(t, "no such secret", "%s", name)
	return componenttest.Registration{}
}

func TestTheMonitorReadsNoData(t *testing.T) {
	acl := runData(t, watched()).Named(t, redisUserType, "gatehouse-test-redis-monitor").Input("accessString")
	require.Equal(t, "on ~monitor:* -@all +ping +info +cluster|info +cluster|nodes "+
		"+slowlog|len +slowlog|get +latency|latest +client|setname", acl)
}

func TestWithoutTheEntryThereIsNoMonitor(t *testing.T) {
	seen := runData(t, unwatched())
	require.NotContains(t, seen.OfType(redisUserType).Names(), "gatehouse-test-redis-monitor")
	require.Empty(t, seen.OfType(secretVersionType))
}

// The committed environments are watched, and nothing else writes the entry.
func TestTheCommittedEnvironmentsWatchTheCache(t *testing.T) {
	for name, c := range environments() {
		entry, ok := c.Foundation.Secrets[config.RedisLogin]
		require.True(t, ok, name)
		require.Equal(t, config.RotationManual, entry.Rotation, name)
	}
}
