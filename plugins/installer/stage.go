package installer

import (
	"errors"

	"github.com/spf13/cobra"

	"gatehouse/plugins/install"
)

func (p *program) stageCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "stage",
		Short:   "Have the gate judge a plugin, and put it into the store",
		Example: `  PLUGIN_REQUEST='{"plugin":{…},"policy":"","host":{…}}' plugin-installer stage`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			text, err := p.setting(install.VariableRequest)
			if err != nil {
				return err
			}
			request, err := install.ParseStage(text)
			if err != nil {
				return invalid(install.VariableRequest, err)
			}
			i, done, err := p.open(cmd.Context(), true)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, done()) }()
			_, err = i.Stage(cmd.Context(), request)
			return err
		},
	}
}
