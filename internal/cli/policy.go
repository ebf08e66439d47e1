package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"gatehouse/policies/project"
)

func newPolicyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Judge an environment, a plan or manifests by the policies",
		Long: `Rules in Rego judge every resource that Pulumi registers, whole stacks, and
Kubernetes manifests. policy-config.yaml sets levels and parameters by
environment, waivers.yaml has the approved exceptions: docs/policies.md.`,
		Example: `  gatehouse policy check -s staging --sandbox
  helm template CHART | gatehouse policy check --manifests -`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newPolicyCheckCommand(), newPolicyListCommand(), newPolicyTestCommand(), newPolicyBaselineCommand(), newPolicyBundleCommand(), newPolicySchemaCommand())
	return cmd
}

// loadPolicies reads the policies of the nearest project upwards: any Pulumi
// program's, not only ours.
func loadPolicies() (project.Project, error) {
	dir, err := os.Getwd()
	if err != nil {
		return project.Project{}, fmt.Errorf("find the project: %w", err)
	}
	return project.Load(project.Root(dir))
}
