package sandbox_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox/node"
)

// TestMain lets the test binary stand in for gatehouse: the sandbox starts its
// node as `EXECUTABLE sandbox node FLAGS`.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "sandbox" && os.Args[2] == "node" {
		if err := runNode(os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func runNode(args []string) error {
	var options node.Options
	flags := flag.NewFlagSet("node", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "")
	flags.StringVar(&options.Listen, "listen", "", "")
	flags.StringVar(&options.AWSEndpoint, "aws-endpoint", "", "")
	flags.StringVar(&options.Volumes, "volumes", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := node.Run(ctx, config, options); ctx.Err() == nil {
		return err
	}
	return nil
}
