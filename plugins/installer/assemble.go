package installer

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"gatehouse/plugins/install"
)

func (p *program) assembleCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "assemble",
		Short:   "Put staged plugins together into a generation",
		Example: `  PLUGIN_REQUEST='{"plugins":[…],"keep":5}' plugin-installer assemble`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withSet(cmd.Context(), func(i *install.Installer, r install.SetRequest) error {
				_, err := i.Assemble(cmd.Context(), r)
				return err
			})
		},
	}
}

// withSet does what is asked for with a set of plugins.
func (p *program) withSet(ctx context.Context, do func(*install.Installer, install.SetRequest) error) (err error) {
	text, err := p.setting(install.VariableRequest)
	if err != nil {
		return err
	}
	request, err := install.ParseSet(text)
	if err != nil {
		return invalid(install.VariableRequest, err)
	}
	i, done, err := p.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	return do(i, request)
}
