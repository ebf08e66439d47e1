package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func newPolicyBundleCommand() *cobra.Command {
	var stack, file string
	cmd := &cobra.Command{
		Use:   "bundle [-s STACK] --file FILE",
		Short: "Write the rules as an OPA bundle",
		Long: `Write the rules, and the parameters of an environment, as a bundle that OPA and
whatever reads its bundles can load.`,
		Example: `  gatehouse policy bundle -s production --file bundle.tar.gz
  opa eval -b bundle.tar.gz -i resource.json data.gatehouse.aws.rds`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := loadPolicies()
			if err != nil {
				return err
			}
			settings, err := p.Pack.Resolve(p.Config.Layers(stack)...)
			if err != nil {
				return err
			}
			err = output{"bundle", file}.write(io.Discard, func(w io.Writer) error { return p.Pack.WriteBundle(w, settings) })
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%d rules written to %s\n", len(p.Pack.Rules), file)
			}
			return err
		},
	}
	cmd.Flags().StringVarP(&stack, "stack", "s", "", "the environment whose parameters to take")
	cmd.Flags().StringVar(&file, "file", "", "where to write it (required)")
	_ = cmd.MarkFlagRequired("file")
	return cmd
}
