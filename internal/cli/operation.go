package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gatehouse/internal/engine"
	"gatehouse/internal/toolbox"
	"gatehouse/report/render"
	"gatehouse/sandbox"
	"gatehouse/stacks/config"
)

// operationFlags are the flags that preview, up, refresh and destroy share.
type operationFlags struct {
	stack       string
	sandbox     bool
	awsEndpoint string
	yes         bool
	parallel    int
	layer       string
	unprotect   bool
	skipPreview bool
	output      string
	// explain adds to the error of an operation that began then what else is known of
	// it; nil adds nothing.
	explain func(cmd *cobra.Command, began time.Time, failed error) error
	// pretended names what the sandbox that was started only pretends.
	pretended []string
}

// registerTarget registers the flags that say which environment, and where.
func (f *operationFlags) registerTarget(flags *pflag.FlagSet) {
	flags.StringVarP(&f.stack, "stack", "s", "", "the environment, e.g. staging")
	flags.BoolVar(&f.sandbox, "sandbox", false, "against the sandbox on this machine, which is started when needed")
	flags.StringVar(&f.awsEndpoint, "aws-endpoint", "", "with --sandbox: another AWS emulator on loopback")
	flags.IntVar(&f.parallel, "parallel", 0, "resources worked on at once (default: Pulumi's)")
}

func (f *operationFlags) register(cmd *cobra.Command, op engine.Operation) {
	flags := cmd.Flags()
	f.registerTarget(flags)
	flags.StringVarP(&f.output, "output", "o", "text", "text or json")
	if op != engine.Destroy {
		flags.StringVar(&f.layer, "layer", "", "only the layers up to this one")
	}
	if op == engine.Up {
		flags.BoolVar(&f.skipPreview, "skip-preview", false, "judge resources as they come, not all before the first is touched")
	}
	if op == engine.Destroy {
		flags.BoolVar(&f.unprotect, "unprotect", false, "delete protected resources too: data stores, keys, buckets")
	}
	if op != engine.Preview {
		flags.BoolVar(&f.yes, "yes", false, "do not ask")
	}
	_ = cmd.MarkFlagRequired("stack")
}

// run carries out op and shows its result. Its error is errFindings when the
// operation is one that looks for differences and found some.
func (f *operationFlags) run(cmd *cobra.Command, op engine.Operation) error {
	if f.output != "text" && f.output != "json" {
		return fmt.Errorf("unknown output %q: text or json", f.output)
	}
	root, err := projectRoot()
	if err != nil {
		return err
	}
	if err := f.checkConfig(root, cmd.ErrOrStderr()); err != nil {
		return err
	}
	if err := f.confirm(cmd, op); err != nil {
		return err
	}
	options, err := f.options(cmd, root)
	if err != nil {
		return err
	}
	var policies *judged
	if op == engine.Preview || op == engine.Up {
		if policies, err = newJudged(root, f.stack); err != nil {
			return err
		}
	}
	if op == engine.Up && !f.skipPreview {
		// Refused before anything is touched, and with everything that is wrong.
		planned, err := policies.run(cmd, engine.Preview, options)
		if err != nil {
			return err
		}
		if policies.failed() {
			if f.output == "json" {
				if err := writeJSON(cmd.OutOrStdout(), planned); err != nil {
					return err
				}
			}
			return policies.refuse(cmd)
		}
	}
	began := time.Now()
	result, err := policies.run(cmd, op, options)
	if f.output == "json" {
		if err := writeJSON(cmd.OutOrStdout(), result); err != nil {
			return err
		}
	} else if err == nil || result.Changed() {
		writeSummary(cmd.OutOrStdout(), f.stack, op, result)
	}
	if err == nil && op == engine.Up {
		f.tellPretended(cmd)
	}
	if policies.failed() {
		return policies.refuse(cmd)
	}
	if err == nil && policies != nil && f.output == "text" {
		fmt.Fprintln(cmd.OutOrStdout(), render.Line(policies.result))
	}
	if err == nil && op == engine.Refresh && result.Changed() {
		return errFindings
	}
	if err != nil && f.explain != nil {
		return f.explain(cmd, began, err)
	}
	return err
}

// options are the engine's for these flags; the sandbox is started.
func (f *operationFlags) options(cmd *cobra.Command, root string) (engine.Options, error) {
	ctx, say := cmd.Context(), cmd.ErrOrStderr()
	o := engine.Options{
		Root: root, Stack: f.stack, Parallel: f.parallel, Layer: f.layer, Unprotect: f.unprotect,
		Notice: func(line string) { fmt.Fprintln(say, line) },
	}
	var err error
	if o.Pulumi, err = toolbox.Ensure(ctx, root, "pulumi", o.Notice); err != nil {
		return o, err
	}
	if f.sandbox {
		o.Sandbox, err = f.startSandbox(ctx, root, say)
	}
	return o, err
}

// checkConfig refuses a wrong configuration before anything is started or
// asked. Without a file it is for Pulumi to say what is missing: a stack may
// have its configuration elsewhere.
func (f *operationFlags) checkConfig(root string, say io.Writer) error {
	name := "Pulumi." + f.stack + ".yaml"
	content, err := os.ReadFile(filepath.Join(root, name))
	if errors.Is(err, fs.ErrNotExist) && f.sandbox {
		return fmt.Errorf("read the configuration: there is no %s; copy Pulumi.staging.yaml and change it", name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	_, problems := config.Check(name, content)
	for _, warning := range problems.Warnings() {
		fmt.Fprintln(say, "warning:", warning)
	}
	if wrong := problems.Errors(); len(wrong) > 0 {
		return fmt.Errorf("the configuration is wrong:\n%w", wrong)
	}
	return nil
}

// startSandbox starts what is not running of the sandbox.
func (f *operationFlags) startSandbox(ctx context.Context, root string, say io.Writer) (*engine.Sandbox, error) {
	status, err := bringUpSandbox(ctx, root, f.stack, sandboxFlags{awsEndpoint: f.awsEndpoint}, say)
	if err != nil {
		return nil, err
	}
	f.pretended = status.Kubernetes.Pretended
	return engineSandbox(status)
}

// engineSandbox is a sandbox as the engine needs it.
func engineSandbox(status sandbox.Status) (*engine.Sandbox, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the gatehouse binary: %w", err)
	}
	return &engine.Sandbox{
		AWSEndpoint: status.AWS.Endpoint,
		Kubeconfig:  status.Kubernetes.Kubeconfig,
		AccountID:   sandbox.AccountID,
		Generation:  status.AWS.Generation,
		Executable:  executable,
	}, nil
}

func writeJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
