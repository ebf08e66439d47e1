package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox"
	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/front/portal"
	"gatehouse/sandbox/metrics"
	"gatehouse/sandbox/metrics/pgbouncer"
	"gatehouse/sandbox/node"
	"gatehouse/sandbox/node/run"
)

// TestMain lets the test binary stand in for gatehouse: the sandbox starts its
// node as `EXECUTABLE sandbox node FLAGS`.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "sandbox" {
		run := map[string]func([]string) error{"node": runNode, "portal": runPortal, metrics.PoolerExporter: runExporter, "janitor": runJanitor}[os.Args[2]]
		if err := run(os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// stack is the environment of the sandboxes here.
const stack = "staging"

// open is the sandbox of a project of the test's own. Its processes outlive whoever
// started them, so that another process ends them with the test binary, even one
// that is killed.
func open(t *testing.T) *sandbox.Sandbox {
	t.Helper()
	root, err := os.MkdirTemp("", "gatehouse-sandbox-") // not t.TempDir, for the same reason
	require.NoError(t, err)
	executable, err := os.Executable()
	require.NoError(t, err)
	janitor := exec.Command(executable, "sandbox", "janitor", root)
	janitor.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	var said bytes.Buffer
	janitor.Stderr = &said
	end, err := janitor.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, janitor.Start())
	t.Cleanup(func() {
		require.NoError(t, end.Close())
		require.NoError(t, janitor.Wait(), &said)
	})
	return sandbox.Open(root, stack)
}

// runJanitor ends the sandbox of a project and removes it when standard input ends.
func runJanitor(args []string) error {
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	err := sandbox.Open(args[0], stack).Down(context.Background())
	return errors.Join(err, os.RemoveAll(args[0]))
}

func runPortal(args []string) error {
	flags := flag.NewFlagSet("portal", flag.ExitOnError)
	file := flags.String("config", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	config, err := portal.ReadConfig(*file)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := portal.Run(ctx, config); ctx.Err() == nil {
		return err
	}
	return nil
}

func runExporter(args []string) error {
	var options pgbouncer.Options
	flags := flag.NewFlagSet(metrics.PoolerExporter, flag.ExitOnError)
	flags.StringVar(&options.Listen, "listen", "", "")
	flags.StringVar(&options.Address, "address", "", "")
	flags.StringVar(&options.Console, "console", "", "")
	flags.StringVar(&options.User, "user", "", "")
	flags.StringVar(&options.PasswordFile, "password-file", "", "")
	flags.StringVar(&options.CA, "ca", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := pgbouncer.Run(ctx, options); ctx.Err() == nil {
		return err
	}
	return nil
}

func runNode(args []string) error {
	var options node.Options
	flags := flag.NewFlagSet("node", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "")
	flags.StringVar(&options.Listen, "listen", "", "")
	flags.StringVar(&options.AWSEndpoint, "aws-endpoint", "", "")
	flags.StringVar(&options.Volumes, "volumes", "", "")
	var programs run.Known
	flags.StringVar(&options.Pods, "pods", "", "")
	flags.StringVar(&programs.Backstage, "backstage", "", "")
	dir := flags.String("control-plane", "", "")
	flags.BoolVar(&options.Usage, "usage", false, "")
	flags.StringVar(&options.Monitoring.Prometheus, "prometheus", "", "")
	flags.StringVar(&options.Monitoring.Rules, "rules", "", "")
	flags.StringVar(&options.Monitoring.Alertmanager, "alertmanager", "", "")
	flags.StringVar(&options.Monitoring.Routes, "routes", "", "")
	flags.StringVar(&options.Monitoring.Sink, "sink", "", "")
	flags.StringVar(&options.Monitoring.Probes, "probes", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	options.Programs, options.Kubelet = programs.Programs(), run.Kubelet(controlplane.Layout{Dir: *dir}.Kubelet())
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
