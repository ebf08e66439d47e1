package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
)

func newPluginVerifyCommand() *cobra.Command {
	var judging judgeFlags
	var stack, output, integrity, strategy string
	var inSandbox bool
	cmd := &cobra.Command{
		Use:   "verify NAME@VERSION [-s STACK]",
		Short: "Ask the gate whether a plugin may be installed",
		Long: `Run every step of the gate on one version of one plugin, as an installation
does: each says what it looked at, what it found and what to do. With -s it is
held against the stack's policy, exceptions and Backstage. Nothing is changed.

Exit code 0: it may be installed. 1: a step refuses it, or could not look.
2: nothing could be judged.`,
		Example: `  gatehouse plugin verify @backstage/plugin-catalog-backend@1.32.0 -s staging
  gatehouse plugin verify left-pad@1.3.0 --host plugins/host.json -o json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("unknown output %q: text or json", output)
			}
			ref, err := plugins.ParseRef(args[0])
			if err != nil {
				return err
			}
			if inSandbox && stack == "" {
				return errSandboxOfNone
			}
			root, settings := "", config.DefaultPlugins()
			if stack != "" {
				document, err := readStack(stack)
				if err != nil {
					return err
				}
				root, settings = document.root, document.plugins()
				if inSandbox {
					judging.sandbox = document.sandboxed()
				}
			}
			pkg, err := candidate(settings, ref, integrity, strategy)
			if err != nil {
				return err
			}
			j, err := judging.judge(cmd.Context(), root, settings, pkg, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			defer closeJudgement(cmd, j)
			return showJudgement(cmd, j, pkg, output)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&stack, "stack", "s", "", "the environment whose policy and Backstage count, e.g. staging")
	flags.BoolVar(&inSandbox, "sandbox", false, "s3:// leads to the sandbox on this machine")
	flags.StringVarP(&output, "output", "o", "text", "text or json")
	flags.StringVar(&integrity, "integrity", "", "what its tarball must be, sha512-… (default: what the registry says)")
	flags.StringVar(&strategy, "strategy", "", "dynamic, rebuild or sidecar (default: the configuration's)")
	judging.register(flags)
	return cmd
}

// candidate is a version of a package as configuration would have it: what it
// says of the package already stays. An integrity is only that of its version.
func candidate(p config.Plugins, ref plugins.Ref, integrity, strategy string) (config.Package, error) {
	pkg, found := findPackage(p, ref.Name)
	if !found || pkg.Ref() != ref {
		pkg.Integrity = ""
	}
	pkg.Name, pkg.Version = config.PackageName(ref.Name), config.PackageVersion(ref.Version)
	if integrity != "" {
		sum, err := plugins.ParseIntegrity(integrity)
		if err != nil {
			return pkg, fmt.Errorf("--integrity: %w", err)
		}
		pkg.Integrity = config.Integrity(sum.String())
	}
	if strategy != "" {
		known, err := plugins.ParseStrategy(strategy)
		if err != nil {
			return pkg, fmt.Errorf("--strategy: %w", err)
		}
		own := config.PluginStrategy(known)
		pkg.Strategy = &own
	}
	return pkg, nil
}

// showJudgement writes what the gate says, and whose integrity it was told.
func showJudgement(cmd *cobra.Command, j *install.Judgement, pkg config.Package, output string) error {
	if pkg.Integrity == "" && !j.Integrity.IsZero() {
		fmt.Fprintf(cmd.ErrOrStderr(), "no integrity is configured; the registry says\n%s\n", j.Integrity)
	}
	out := cmd.OutOrStdout()
	write := func() error { return gate.Render(out, j.Result, coloured(out), helpWidth) }
	if output == "json" {
		write = func() error { return writeJSON(out, j.Result) }
	}
	if err := write(); err != nil {
		return err
	}
	if !j.Result.Accepted {
		return errFindings
	}
	return nil
}

// closeJudgement frees the space of the tarball; that it could not is no reason to
// fail.
func closeJudgement(cmd *cobra.Command, j *install.Judgement) {
	if err := j.Close(); err != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "warning: free the tarball's space: %v\n", err)
	}
}
