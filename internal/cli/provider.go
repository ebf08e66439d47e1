package cli

import (
	"fmt"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"

	"gatehouse/sandbox/provider"
	"gatehouse/sandbox/provider/aws"
	"gatehouse/sandbox/provider/kubernetes"
)

// newProviderCommand is what the launchers on the engine's PATH become: a
// stand-in for a Pulumi provider plugin. Nobody calls it by hand.
func newProviderCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "provider",
		Short:   "Be a Pulumi provider plugin, for the engine that started this",
		Example: `  gatehouse sandbox provider kubernetes 127.0.0.1:34567`,
		Hidden:  true,
	}
	cmd.AddCommand(
		newProviderServer("aws", aws.New),
		newProviderServer("kubernetes", kubernetes.New),
	)
	return cmd
}

func newProviderServer(name string, make func(version string) plugin.Provider) *cobra.Command {
	return &cobra.Command{
		Use:   name,
		Short: fmt.Sprintf("Be the %s provider plugin", name),
		// The engine adds its address and, when tracing, flags before it.
		// None is of interest here.
		DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			version, err := provider.Version(name)
			if err != nil {
				return err
			}
			// The engine shows a plugin's standard error to the user; what the
			// Kubernetes client says to itself does not belong there.
			klog.LogToStderr(false)
			klog.SetOutput(io.Discard)
			return provider.Serve(cmd.Context(), make(version))
		},
	}
}
