package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gatehouse/plugins/gate"
	"gatehouse/stacks/config"
)

func newPluginCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plugin",
		Short: "Judge, install and remove plugins of the portal",
		Long: `The portal has the plugins that portal.plugins.packages of Pulumi.STACK.yaml
names, and no others. These commands edit that list and run what 'gatehouse up'
runs: each plugin is judged, installed, and proved to be what Backstage has
really loaded; else the portal goes back to the plugins of before.`,
		Example: `  gatehouse plugin verify @backstage/plugin-catalog-backend@1.32.0 -s staging
  gatehouse plugin install @backstage/plugin-catalog-backend@1.32.0 -s staging
  gatehouse plugin history -s staging --verify`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(
		newPluginVerifyCommand(), newPluginListCommand(), newPluginStatusCommand(),
		newPluginInstallCommand(), newPluginUninstallCommand(), newPluginRollbackCommand(), newPluginHistoryCommand(),
	)
	return cmd
}

// stackDocument is a stack's file as it was read.
type stackDocument struct {
	root, path, name string
	content          []byte
	config           config.Config
}

// readStack reads a stack's file, which must be right as a whole.
func readStack(stack string) (stackDocument, error) {
	root, err := projectRoot()
	if err != nil {
		return stackDocument{}, err
	}
	s := stackDocument{root: root, name: "Pulumi." + stack + ".yaml"}
	s.path = filepath.Join(root, s.name)
	if s.content, err = os.ReadFile(s.path); err != nil {
		return stackDocument{}, fmt.Errorf("read the configuration: %w", err)
	}
	if s.config, err = config.Parse(s.name, s.content); err != nil {
		return stackDocument{}, fmt.Errorf("the configuration is wrong:\n%w", err)
	}
	return s, nil
}

// stack is its name.
func (s stackDocument) stack() string {
	return strings.TrimSuffix(strings.TrimPrefix(s.name, "Pulumi."), ".yaml")
}

// plugins are the stack's.
func (s stackDocument) plugins() config.Plugins { return s.config.Portal.Plugins }

// readHost reads the manifest of the Backstage that is to load plugins.
func readHost(path string) (gate.Host, error) {
	file, err := os.Open(path)
	if err != nil {
		return gate.Host{}, fmt.Errorf("read the host's manifest: %w", err)
	}
	host, err := gate.ParseHost(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return gate.Host{}, fmt.Errorf("%s: %w", path, err)
	}
	return host, nil
}

// findPackage is the package of a name in a configuration.
func findPackage(p config.Plugins, name string) (config.Package, bool) {
	for _, each := range p.Packages {
		if string(each.Name) == name {
			return each, true
		}
	}
	return config.Package{}, false
}
