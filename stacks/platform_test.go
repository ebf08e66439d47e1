package stacks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/plugins"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// runAll runs every layer, as in the sandbox.
func runAll(t testing.TB, c config.Config) componenttest.Registrations {
	t.Helper()
	c.Sandbox = &config.Sandbox{AWSEndpoint: "http://127.0.0.1:1", Kubeconfig: "/sandbox/kubeconfig", AccountID: "123456789012"}
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		d := &deployment{env: env}
		for _, s := range steps() {
			if err := s.deploy(ctx, d); err != nil {
				return err
			}
		}
		return nil
	}, inProject(t))
}

func TestEverythingInTheClusterGoesThroughItsProvider(t *testing.T) {
	everyStrategy := withPlugins(plugins.Dynamic, plugins.Rebuild, plugins.Sidecar)
	for _, c := range []config.Config{configtest.Staging(), configtest.Production(), everyStrategy} {
		objects := map[string]string{}
		for _, r := range runAll(t, c).Customs() {
			if !strings.HasPrefix(r.Type, "kubernetes:") {
				require.Contains(t, r.Provider, "pulumi:providers:aws::gatehouse-test-", r.Name)
				continue
			}
			require.Contains(t, r.Provider, "pulumi:providers:kubernetes::gatehouse-test-kubernetes", r.Name)
			require.Regexp(t, "gatehouse:layer:(platform|portal)", r.Parent, r.Name)

			// Two registrations of one object would take turns to overwrite it.
			name, namespace := r.Input("metadata.name"), r.Input("metadata.namespace")
			if strings.HasSuffix(r.Type, ":Release") {
				name, namespace = r.Input("name"), r.Input("namespace")
			}
			require.NotNil(t, name, "%s %s is named by chance", r.Type, r.Name)
			object := fmt.Sprint(r.Type, " ", namespace, "/", name)
			require.Empty(t, objects[object], "%s is registered twice, by %s and", object, r.Name)
			objects[object] = r.Name
		}
		require.Greater(t, len(objects), 200)
	}
}
