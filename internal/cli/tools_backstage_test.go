package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// hostFile is the manifest of the minimal Backstage, which staging is held against.
const hostFile = "sandbox/backstage/host.json"

// The committed manifest is that of the lock file. Node.js is whichever runs the
// sandbox: the file has the one of whoever made it.
func TestHostManifestIsCurrent(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	root := filepath.Dir(configtest.File("staging"))
	text, err := backstageHost(t.Context(), root)
	require.NoError(t, err)
	want, err := gate.ParseHost(strings.NewReader(text))
	require.NoError(t, err)
	committed, err := os.ReadFile(filepath.Join(root, hostFile))
	require.NoError(t, err)
	have, err := gate.ParseHost(strings.NewReader(string(committed)))
	require.NoError(t, err)
	require.NotEmpty(t, have.Node)
	want.Node = have.Node
	require.Equal(t, want, have, "run gatehouse tools backstage --host > "+hostFile)
	require.Less(t, len(committed), 8<<10, "every stage Job has it in a variable")
}

func TestHostHasWhatPluginsMayCountOn(t *testing.T) {
	lock := []byte(`{"lockfileVersion": 3, "packages": {
		"": {"dependencies": {"left-pad": "1.0.0"}},
		"node_modules/@backstage/a": {"version": "1.0.0", "dependencies": {"express": "4", "@types/express": "4"}, "peerDependencies": {"zod": "3", "absent": "1"}},
		"node_modules/@backstage/a/node_modules/express": {"version": "4.0.0"},
		"node_modules/express": {"version": "5.0.0", "dependencies": {"qs": "6"}},
		"node_modules/@types/express": {"version": "5.0.0"},
		"node_modules/react-dom": {"version": "18.0.0", "dependencies": {"scheduler": "0"}},
		"node_modules/react": {"version": "18.0.0"}, "node_modules/reactive": {"version": "1.0.0"}, "node_modules/scheduler": {"version": "0.1.0"},
		"node_modules/qs": {"version": "6.0.0"}, "node_modules/zod": {"version": "3.0.0"}, "node_modules/left-pad": {"version": "1.0.0"}}}`)
	whole, err := gate.HostOfLock(lock, "1.55.0", "22.0.0")
	require.NoError(t, err)
	host, err := named(whole, lock)
	require.NoError(t, err)
	require.Equal(t, gate.Host{Backstage: "1.55.0", Node: "22.0.0", Packages: map[string]string{
		"@backstage/a": "1.0.0", "express": "5.0.0", "zod": "3.0.0", "react": "18.0.0", "react-dom": "18.0.0", "scheduler": "0.1.0",
	}}, host)
	_, err = named(whole, []byte(`[]`))
	require.ErrorContains(t, err, "package-lock.json")
}

// A fresh clone can install a plugin into staging's sandbox: all that is missing is
// the plugin.
func TestStagingNamesItsHost(t *testing.T) {
	content, err := os.ReadFile(configtest.File("staging"))
	require.NoError(t, err)
	c, err := config.Parse("Pulumi.staging.yaml", content, config.At(configtest.Today()))
	require.NoError(t, err)
	require.False(t, c.Portal.Plugins.Managed())
	require.NotNil(t, c.Portal.Plugins.Host)
	require.Equal(t, hostFile, *c.Portal.Plugins.Host)
	_, err = readHost(filepath.Join(filepath.Dir(configtest.File("staging")), *c.Portal.Plugins.Host))
	require.NoError(t, err)
}
