package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"gatehouse/stacks/config"
)

func newConfigShowCommand() *cobra.Command {
	var stack, output string
	cmd := &cobra.Command{
		Use:   "show -s STACK",
		Short: "Show an environment's whole configuration, defaults filled in",
		Long: `Show every value of an environment's configuration. Those that the file does
not give are marked "# default" (json: listed under "defaults"). Secrets stay
hidden. Mistakes go to standard error, and nothing is shown: exit code 1.`,
		Example: `  gatehouse config show -s staging
  gatehouse config show -s production -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			render := map[string]func(config.Document) ([]byte, error){
				"yaml": config.Document.YAML, "json": config.Document.JSON,
			}[output]
			if render == nil {
				return fmt.Errorf("unknown output %q: yaml or json", output)
			}
			file, err := stackFile(stack)
			if err != nil {
				return err
			}
			content, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("read configuration: %w", err)
			}
			document, problems := config.Check(file, content)
			if len(problems) > 0 {
				fmt.Fprintln(cmd.ErrOrStderr(), problems)
			}
			if len(problems.Errors()) > 0 {
				return errFindings
			}
			shown, err := render(document)
			if err != nil {
				return err
			}
			if _, err := cmd.OutOrStdout().Write(shown); err != nil {
				return fmt.Errorf("write the configuration: %w", err)
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&stack, "stack", "s", "", "the environment, e.g. staging (required)")
	cmd.Flags().StringVarP(&output, "output", "o", "yaml", "yaml or json")
	_ = cmd.MarkFlagRequired("stack")
	return cmd
}
