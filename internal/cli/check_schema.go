package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/report/render"
)

func newCheckSchemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of -o json",
		Example: `  gatehouse check schema > readiness.schema.json`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := cmd.OutOrStdout().Write(render.ReadinessSchema()); err != nil {
				return fmt.Errorf("write the schema: %w", err)
			}
			return nil
		},
	}
}
