package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/stacks/config/edit"
)

func newPluginUninstallCommand() *cobra.Command {
	var f changeFlags
	cmd := &cobra.Command{
		Use:   "uninstall NAME -s STACK",
		Short: "Take a plugin out of the portal",
		Long: `Take a plugin out of portal.plugins.packages of Pulumi.STACK.yaml and run what
'gatehouse up' runs: Backstage is proved to run with the others, and without this
one. When that fails the portal and the file go back to what they were.`,
		Example: `  gatehouse plugin uninstall @backstage/plugin-catalog-backend -s staging
  gatehouse plugin uninstall left-pad -s staging --sandbox`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			change, err := newPluginChange(&f, "uninstall "+args[0])
			if err != nil {
				return err
			}
			return uninstall(cmd, change, args[0])
		},
	}
	f.register(cmd)
	return cmd
}

func uninstall(cmd *cobra.Command, change *pluginChange, name string) error {
	if _, found := findPackage(change.plugins(), name); !found {
		return fmt.Errorf("%s: %s does not name it; gatehouse plugin list -s %s shows which it names", change.what, change.name, change.operation.stack)
	}
	changed, err := edit.Remove(change.content, name)
	if err != nil {
		return fmt.Errorf("%s: %s: %w", change.what, change.name, err)
	}
	if err := change.run(cmd, changed); err != nil {
		return err
	}
	return change.proved(cmd, name+" is uninstalled")
}
