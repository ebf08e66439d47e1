package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/internal/toolbox"
	"gatehouse/sandbox"
	"gatehouse/stacks/config"
)

func newSandboxCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Local AWS and Kubernetes APIs and data servers, no account",
		Long: `A sandbox is an AWS API emulator, a real Kubernetes control plane whose nodes run the
pods of Backstage and the plugin installer as processes and only pretend to run others,
and real data, web and monitoring servers as far as they are
installed, as processes on this machine, on loopback ports. Each environment has its own,
with its state in .gatehouse/STACK of the project. It cannot touch a real account or
cluster.`,
		Example: `  gatehouse sandbox up
  eval "$(gatehouse sandbox env)" && kubectl get namespaces
  gatehouse sandbox down`,
	}
	cmd.AddCommand(
		newSandboxUpCommand(), newSandboxDownCommand(), newSandboxStatusCommand(), newSandboxEnvCommand(),
		newSandboxNodeCommand(), newSandboxInstallerCommand(), newSandboxPortalCommand(), newSandboxExporterCommand(),
		newProviderCommand(),
	)
	return cmd
}

// defaultStack is the environment whose sandbox is meant when none is named.
const defaultStack = "staging"

// sandboxOf adds the flag that names the environment.
func sandboxOf(cmd *cobra.Command, stack *string) {
	cmd.Flags().StringVarP(stack, "stack", "s", defaultStack, "the environment whose sandbox is meant")
}

// sandboxFlags are the flags of a sandbox that comes up.
type sandboxFlags struct {
	awsEndpoint string
	// withoutData leaves the data servers out, sentinel has Redis run with
	// sentinels.
	withoutData, sentinel bool
	// withoutBackstage has Backstage's pods pretend though it is installed.
	withoutBackstage bool
}

// bringUpSandbox starts what is not running of an environment's sandbox,
// building first what is missing, and tells about it on say.
func bringUpSandbox(ctx context.Context, root, stack string, f sandboxFlags, say io.Writer) (sandbox.Status, error) {
	awsEndpoint := f.awsEndpoint
	if awsEndpoint != "" { // refused before anything is built
		if _, err := sandbox.LoopbackURL(awsEndpoint); err != nil {
			return sandbox.Status{}, err
		}
	}
	tools, err := toolbox.Sandbox(ctx, root, awsEndpoint == "", func(line string) { fmt.Fprintln(say, line) })
	if err != nil {
		return sandbox.Status{}, err
	}
	if !f.withoutBackstage {
		tools.Backstage, err = toolbox.FindBackstage(root)
		if errors.Is(err, toolbox.ErrNoBackstage) {
			writeField(say, "backstage", "its pods only pretend: "+err.Error())
		} else if err != nil {
			return sandbox.Status{}, err
		}
	}
	begin := time.Now()
	steps := newSandboxSteps(say)
	status, err := sandbox.Open(root, stack).Up(ctx, sandbox.Options{
		Tools: tools, AWSEndpoint: awsEndpoint, Progress: steps.show,
		Data: !f.withoutData, Sentinel: f.sentinel, Hosts: portalHosts(root, stack),
	})
	if err != nil {
		return sandbox.Status{}, err
	}
	writeField(say, "sandbox", sandboxLine(status)+fmt.Sprintf(" · %.1f s", time.Since(begin).Seconds()))
	return status, nil
}

// portalHosts are the names of the portal and its API in an environment's
// configuration; none when that cannot be told: the sandbox has names of its own.
func portalHosts(root, stack string) []string {
	name := "Pulumi." + stack + ".yaml"
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return nil
	}
	loaded, problems := config.Check(name, content)
	if len(problems.Errors()) > 0 || loaded.Config.Edge.Domain == "" {
		return nil
	}
	domain := string(loaded.Config.Edge.Domain)
	return []string{domain, "api." + domain}
}

// sandboxStatus asks each part of an environment's sandbox how it is.
func sandboxStatus(ctx context.Context, stack string) (sandbox.Status, error) {
	root, err := projectRoot()
	if err != nil {
		return sandbox.Status{}, err
	}
	return sandbox.Open(root, stack).Status(ctx)
}

// warnUnlessWhole tells the user what to do when a part is down.
func warnUnlessWhole(say io.Writer, status sandbox.Status) {
	if !status.Ready() {
		fmt.Fprintln(say, "the sandbox is not whole: run gatehouse sandbox up")
	}
}

// sandboxLine says in one line what the sandbox is.
func sandboxLine(status sandbox.Status) string {
	host := func(address string) string {
		if parsed, err := url.Parse(address); err == nil && parsed.Host != "" {
			return parsed.Host
		}
		return address
	}
	name := status.AWS.Name
	if status.AWS.Version != "" {
		name += " " + status.AWS.Version
	}
	return fmt.Sprintf("kubernetes %s on %s · aws api (%s) on %s",
		trimV(status.Kubernetes.Version), host(status.Kubernetes.Server), name, host(status.AWS.Endpoint))
}

func trimV(version string) string {
	if len(version) > 1 && version[0] == 'v' {
		return version[1:]
	}
	return version
}
