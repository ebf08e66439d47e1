package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gatehouse/sandbox"
)

func newSandboxEnvCommand() *cobra.Command {
	var region, stack string
	cmd := &cobra.Command{
		Use:   "env",
		Short: "Print the exports that point kubectl and aws at the sandbox",
		Long: `Print shell lines that point kubectl, the AWS CLI and the SDKs at the sandbox, with fake
credentials. Variables of the shell that would win over them are unset.`,
		Example: `  eval "$(gatehouse sandbox env)"
  eval "$(gatehouse sandbox env -s production)"
  kubectl get namespaces
  aws rds describe-db-instances`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			status, err := sandboxStatus(cmd.Context(), stack)
			if err != nil {
				return err
			}
			if status.AWS.Endpoint == "" || status.Kubernetes.Server == "" {
				return fmt.Errorf("print the environment: the sandbox was never up; run gatehouse sandbox up")
			}
			for _, name := range sandbox.Unset(os.Environ()) {
				fmt.Fprintf(cmd.OutOrStdout(), "unset %s\n", name)
			}
			for _, entry := range status.Env(region) {
				name, value, _ := strings.Cut(entry, "=")
				fmt.Fprintf(cmd.OutOrStdout(), "export %s=%s\n", name, shellQuote(value))
			}
			warnUnlessWhole(cmd.ErrOrStderr(), status)
			return nil
		},
	}
	cmd.Flags().StringVar(&region, "region", "us-west-2", "the region that the tools ask for")
	sandboxOf(cmd, &stack)
	return cmd
}

// shellQuote writes a value so that every POSIX shell reads it back unchanged.
func shellQuote(value string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/:._-", r)
	}
	if value != "" && strings.IndexFunc(value, func(r rune) bool { return !plain(r) }) < 0 {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
