package installer

import (
	"errors"

	"github.com/spf13/cobra"

	"gatehouse/plugins"
	"gatehouse/plugins/install"
)

func (p *program) maintainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "maintain",
		Short: "Verify what is installed and remove what nobody needs, or install one plugin",
		Long: `Hashes every file of the current generation again, and removes generations and
staged plugins that nothing needs.

With PLUGIN_NAME and PLUGIN_VERSION it installs that plugin instead, beside those that
are proved to run. The stack's configuration does not know of it then: the next up
takes it out again.`,
		Example: `  PLUGIN_NAME=@backstage/plugin-catalog PLUGIN_VERSION=1.15.0 plugin-installer maintain`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			text, err := p.setting(install.VariableRequest)
			if err != nil {
				return err
			}
			request, err := install.ParseMaintain(text)
			if err != nil {
				return invalid(install.VariableRequest, err)
			}
			ref := plugins.Ref{Name: p.world.Getenv(install.VariableName), Version: p.world.Getenv(install.VariableVersion)}
			one := ref != plugins.Ref{}
			i, done, err := p.open(cmd.Context(), one)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, done()) }()
			if one {
				return i.InstallOne(cmd.Context(), request, ref)
			}
			return i.Maintain(cmd.Context(), request)
		},
	}
}
