package monitoring

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

func TestEveryProbeHasItsModule(t *testing.T) {
	var config struct {
		Modules map[string]struct {
			Prober string
			HTTP   struct {
				FailIfNotSSL bool     `yaml:"fail_if_not_ssl"`
				FailIfBody   []string `yaml:"fail_if_body_not_matches_regexp"`
			}
			TCP struct{ TLS bool }
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(blackboxConfig), &config))
	for _, p := range uptime("portal.example.com") {
		name := string(p.params["module"][0].(pulumi.String))
		module, ok := config.Modules[name]
		require.True(t, ok, "module %s", name)
		require.True(t, module.HTTP.FailIfNotSSL || module.TCP.TLS, "%s proves the certificate", name)
	}
	require.Len(t, config.Modules["health"].HTTP.FailIfBody, 3)
}

func TestNodesAreNamedAfterTheConfigurationEndpoint(t *testing.T) {
	for _, c := range []struct {
		endpoint      string
		shard, member int
		want          string
	}{
		{"clustercfg.c.abc.usw2.cache.amazonaws.com:6379", 1, 1, "c-0001-001.c.abc.usw2.cache.amazonaws.com:6379"},
		{"clustercfg.a-b.abc.cnn1.cache.amazonaws.com.cn:6379", 12, 3, "a-b-0012-003.a-b.abc.cnn1.cache.amazonaws.com.cn:6379"},
		{"127.0.0.1:6379", 2, 1, "127.0.0.1:6379"},
	} {
		require.Equal(t, c.want, node(c.endpoint, c.shard, c.member))
	}
}
