package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/report/render"
	"gatehouse/report/waivers"
)

func newPolicySchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema config|waivers|result",
		Short: "Print the JSON Schema of a policies' file or of -o json",
		Example: `  gatehouse policy schema config > policy-config.schema.json
  gatehouse policy schema result`,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"config", "waivers", "result"},
		RunE: func(cmd *cobra.Command, args []string) error {
			var schema []byte
			switch args[0] {
			case "waivers":
				schema = waivers.Schema()
			case "result":
				schema = render.PolicySchema()
			default:
				p, err := loadPolicies()
				if err != nil {
					return err
				}
				return writeJSON(cmd.OutOrStdout(), p.Pack.ConfigSchema())
			}
			if _, err := cmd.OutOrStdout().Write(schema); err != nil {
				return fmt.Errorf("write the schema: %w", err)
			}
			return nil
		},
	}
}
