package installer

import (
	"github.com/spf13/cobra"

	"gatehouse/plugins/install"
)

func (p *program) activateCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "activate",
		Short:   "Have the portal load a generation, and prove that it did",
		Example: `  PLUGIN_REQUEST='{"plugins":[…],"keep":5}' plugin-installer activate`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withSet(cmd.Context(), func(i *install.Installer, r install.SetRequest) error {
				r.Workload += p.world.Getenv(install.VariableWorkload)
				return i.Activate(cmd.Context(), r)
			})
		},
	}
}
