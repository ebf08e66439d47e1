package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/internal/engine"
	"gatehouse/internal/toolbox"
	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
	trails3 "gatehouse/plugins/trail/s3"
	"gatehouse/sandbox"
)

const (
	// portalNamespace is where Backstage and its plugins' status are.
	portalNamespace = "backstage"
	// trailVariable names the audit trail when no flag does, trailOutput is the
	// stack's output that does.
	trailVariable = "GATEHOUSE_PLUGIN_TRAIL"
	trailOutput   = "pluginTrail"
)

// pluginEnvironment is an environment that is up, as commands about its plugins
// see it.
type pluginEnvironment struct {
	stack   string
	sandbox *sandbox.Status
	outputs map[string]any
	region  string
}

// openEnvironment reads what the state of a stack tells.
func openEnvironment(cmd *cobra.Command, stack string, inSandbox bool) (*pluginEnvironment, error) {
	document, err := readStack(stack)
	if err != nil {
		return nil, err
	}
	return document.environment(cmd, inSandbox)
}

func (s stackDocument) environment(cmd *cobra.Command, inSandbox bool) (*pluginEnvironment, error) {
	stack := s.stack()
	notice := func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) }
	o := engine.Options{Root: s.root, Stack: stack, Notice: notice}
	e := &pluginEnvironment{stack: stack, region: string(s.config.Environment.Region)}
	if inSandbox {
		found, err := s.sandboxed().open(cmd.Context())
		if err != nil {
			return nil, err
		}
		if o.Sandbox, err = engineSandbox(found); err != nil {
			return nil, err
		}
		e.sandbox = &found
	}
	var err error
	if o.Pulumi, err = toolbox.Ensure(cmd.Context(), s.root, "pulumi", notice); err != nil {
		return nil, err
	}
	deployed, err := engine.Export(cmd.Context(), o)
	if err != nil {
		return nil, err
	}
	e.outputs = deployed.Outputs
	return e, nil
}

// status reads what the cluster says of its plugins.
func (e *pluginEnvironment) status(cmd *cobra.Command) (status.Status, error) {
	connection, err := e.cluster()
	if err != nil {
		return status.Status{}, fmt.Errorf("reach the cluster of %s: %w", e.stack, err)
	}
	return readStatus(cmd, connection)
}

// readStatus reads the status of the plugins from a cluster.
func readStatus(cmd *cobra.Command, connection *rest.Config) (status.Status, error) {
	client, err := kubernetes.NewForConfig(connection)
	if err != nil {
		return status.Status{}, fmt.Errorf("prepare the cluster's client: %w", err)
	}
	store := status.Store{Client: client.CoreV1(), Namespace: portalNamespace, Name: install.StatusName}
	return store.Read(cmd.Context())
}

// cluster finds the cluster: the sandbox's, that of the stack's output, or else as
// kubectl does.
func (e *pluginEnvironment) cluster() (*rest.Config, error) {
	if e.sandbox != nil {
		return clientcmd.BuildConfigFromFlags("", e.sandbox.Kubernetes.Kubeconfig)
	}
	if text, ok := e.outputs["kubeconfig"].(string); ok && text != "" {
		return clientcmd.RESTConfigFromKubeConfig([]byte(text))
	}
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
}

// trail opens the audit trail: the one that is named, or the stack's.
func (e *pluginEnvironment) trail(cmd *cobra.Command, named string) (trail.Log, error) {
	ref := named
	if ref == "" {
		ref = os.Getenv(trailVariable)
	}
	if ref == "" && e != nil {
		ref, _ = e.outputs[trailOutput].(string)
	}
	switch {
	case ref == "":
		return nil, errors.New("open the audit trail of the plugins: the stack names none; name it with --trail or " + trailVariable)
	case !strings.HasPrefix(ref, trails3.Scheme):
		return trail.OpenFolder(ref)
	}
	cfg, err := e.aws(cmd)
	if err != nil {
		return nil, fmt.Errorf("open the audit trail %s: %w", ref, err)
	}
	return trails3.Open(cfg, ref, trails3.Retention{}, time.Now)
}

// aws is AWS as the environment has it.
func (e *pluginEnvironment) aws(cmd *cobra.Command) (aws.Config, error) {
	switch {
	case e == nil:
		return awsconfig.LoadDefaultConfig(cmd.Context())
	case e.sandbox != nil:
		return emulated(*e.sandbox, e.region), nil
	}
	return awsconfig.LoadDefaultConfig(cmd.Context(), awsconfig.WithRegion(e.region))
}

// proved says which generation the portal was proved to have.
func (c *pluginChange) proved(cmd *cobra.Command, done string) error {
	found, err := c.look(cmd)
	out := cmd.OutOrStdout()
	switch {
	case err != nil:
		fmt.Fprintf(cmd.ErrOrStderr(), "warning: what was proved cannot be read: %v\n", err)
		fmt.Fprintln(out, done)
	case !found.Proved():
		fmt.Fprintf(out, "%s, but not proved: generation %s is %s\n", done, found.Generation, found.Phase)
	default:
		fmt.Fprintf(out, "%s\nBackstage has loaded generation %s, as every pod of it says\n", done, found.Generation)
	}
	return nil
}

// statusOf reads the status after an up.
func (c *pluginChange) statusOf(cmd *cobra.Command) (status.Status, error) {
	e, err := c.environment(cmd, c.operation.sandbox)
	if err != nil {
		return status.Status{}, err
	}
	return e.status(cmd)
}
