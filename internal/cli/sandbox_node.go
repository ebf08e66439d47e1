package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/node"
	"gatehouse/sandbox/node/run"
)

// newSandboxNodeCommand is what `sandbox up` starts as the nodes.
func newSandboxNodeCommand() *cobra.Command {
	var kubeconfig, controlPlane string
	var programs run.Known
	var options node.Options
	cmd := &cobra.Command{
		Use:     "node",
		Short:   "Be the nodes of a sandbox, until a signal comes",
		Example: `  gatehouse sandbox node --kubeconfig .gatehouse/sandbox/kubeconfig`,
		Hidden:  true,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return fmt.Errorf("read kubeconfig: %w", err)
			}
			if options.Pods != "" {
				executable, err := os.Executable()
				if err != nil {
					return fmt.Errorf("find the gatehouse binary: %w", err)
				}
				programs.Installer = []string{executable, "sandbox", "installer", "--"}
				options.Programs = programs.Programs()
				options.Images = run.Images(filepath.Join(controlPlane, "images"))
				options.Kubelet = run.Kubelet(controlplane.Layout{Dir: controlPlane}.Kubelet())
			}
			err = node.Run(cmd.Context(), config, options)
			if cmd.Context().Err() == nil {
				return err
			}
			return nil // asked to end
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&kubeconfig, "kubeconfig", "", "the sandbox's kubeconfig (required)")
	flags.StringVar(&options.Region, "region", "us-west-2", "region that the nodes pretend to be in")
	flags.StringVar(&options.AWSEndpoint, "aws-endpoint", "", "emulator that secrets are read from")
	flags.StringVar(&options.Volumes, "volumes", "", "folder that volumes point into")
	flags.StringVar(&options.Pods, "pods", "", "folder of the pods that run as processes; without it all pretend")
	flags.StringVar(&programs.Backstage, "backstage", "", "folder of an installed Backstage, which its pods run; without it they pretend")
	flags.StringVar(&controlPlane, "control-plane", "", "folder of the control plane, whose API server may ask for logs")
	flags.BoolVar(&options.Usage, "usage", false, "make up the metrics of pods, which autoscalers go by")
	flags.StringVar(&options.Monitoring.Prometheus, "prometheus", "", "Prometheus that reads the cluster's rules")
	flags.StringVar(&options.Monitoring.Rules, "rules", "", "folder that the rules are written to")
	flags.StringVar(&options.Monitoring.Probes, "probes", "", "file that the pods that load plugins are written to, for Prometheus")
	flags.StringVar(&options.Monitoring.Alertmanager, "alertmanager", "", "Alertmanager that reads the cluster's routes")
	flags.StringVar(&options.Monitoring.Routes, "routes", "", "file that the routes are written to")
	flags.StringVar(&options.Monitoring.Sink, "sink", "", "address that takes what Alertmanager sends")
	flags.StringVar(&options.Listen, "listen", "", "address that answers /healthz")
	_ = cmd.MarkFlagRequired("kubeconfig")
	cmd.MarkFlagsRequiredTogether("pods", "control-plane")
	return cmd
}
