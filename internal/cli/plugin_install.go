package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"gatehouse/plugins"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/edit"
)

// installFlags are what `plugin install` is told of a plugin.
type installFlags struct {
	change    changeFlags
	judging   judgeFlags
	integrity string
	strategy  string
	appConfig string
	accept    []string
	expires   string
}

func newPluginInstallCommand() *cobra.Command {
	var f installFlags
	cmd := &cobra.Command{
		Use:   "install NAME@VERSION -s STACK",
		Short: "Install a plugin, or another version of it",
		Long: `Have the gate judge a plugin, add it to portal.plugins.packages of
Pulumi.STACK.yaml, and run what 'gatehouse up' runs: the plugin is installed, and
proved to be what Backstage has loaded. What the file says of the plugin already
stays, unless a flag says otherwise.

A plugin that the gate refuses changes nothing. When the installation fails, the
portal goes back to the plugins of before by itself, and so does the file.

Exit code 0: installed and proved. 1: refused. 2: it failed.`,
		Example: `  gatehouse plugin install @backstage/plugin-catalog-backend@1.32.0 -s staging
  gatehouse plugin install left-pad@1.3.0 -s staging --reason "CHG-7: for search"
  gatehouse plugin install left-pad@1.3.0 -s staging \
    --accept signature:unsigned --reason "our mirror signs nothing" \
    --expires 2027-01-31 --app-config left-pad.yaml --yes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	f.change.register(cmd)
	flags.StringVar(&f.integrity, "integrity", "", "what its tarball must be, sha512-… (default: what the registry says)")
	flags.StringVar(&f.strategy, "strategy", "", "dynamic, rebuild or sidecar (default: the configuration's)")
	flags.StringVar(&f.appConfig, "app-config", "", "a file: its fragment of app-config, without secrets")
	flags.StringArrayVar(&f.accept, "accept", nil, "STEP:ID, a problem of the gate that is accepted; more than once for more")
	flags.StringVar(&f.expires, "expires", "", "the last day on which it is accepted")
	f.judging.register(flags)
	return cmd
}

func (f *installFlags) run(cmd *cobra.Command, text string) error {
	ref, err := plugins.ParseRef(text)
	if err != nil {
		return err
	}
	change, err := newPluginChange(&f.change, "install "+ref.String())
	if err != nil {
		return err
	}
	if f.change.operation.sandbox {
		f.judging.sandbox = change.sandboxed()
	}
	pkg, err := f.candidate(change.plugins(), ref)
	if err != nil {
		return err
	}
	return f.install(cmd, change, pkg)
}

// install has the gate judge a package, and goes on with one that it accepts.
func (f *installFlags) install(cmd *cobra.Command, change *pluginChange, pkg config.Package) error {
	j, err := f.judging.judge(cmd.Context(), change.root, change.plugins(), pkg, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	defer closeJudgement(cmd, j)
	if err := showJudgement(cmd, j, pkg, "text"); err != nil {
		if errors.Is(err, errFindings) {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s was not installed; nothing was changed\n", pkg.Ref())
		}
		return err
	}
	pkg.Integrity = config.Integrity(j.Integrity.String())
	changed, err := edit.Put(change.content, pkg)
	if err != nil {
		return fmt.Errorf("%s: %s: %w", change.what, change.name, err)
	}
	if err := change.run(cmd, changed); err != nil {
		return err
	}
	return change.proved(cmd, pkg.Ref().String()+" is installed")
}

// candidate is the package as the flags and the configuration want it.
func (f *installFlags) candidate(p config.Plugins, ref plugins.Ref) (config.Package, error) {
	pkg, err := candidate(p, ref, f.integrity, f.strategy)
	if err != nil {
		return pkg, err
	}
	if f.appConfig != "" {
		if pkg.AppConfig, err = readFragment(f.appConfig); err != nil {
			return pkg, err
		}
	}
	accepted, err := f.accepted(time.Now())
	for _, e := range accepted {
		pkg.Accept = renewed(pkg.Accept, e)
	}
	return pkg, err
}

// accepted are the exceptions of the flags.
func (f *installFlags) accepted(now time.Time) ([]config.Exception, error) {
	if len(f.accept) == 0 {
		if f.expires != "" {
			return nil, errors.New("--expires is for what is accepted: name it with --accept STEP:ID")
		}
		return nil, nil
	}
	if strings.TrimSpace(f.change.reason) == "" || f.expires == "" {
		return nil, errors.New("--accept needs --reason and --expires: the audit trail keeps why, and nothing is accepted for ever")
	}
	if err := lastDay(f.expires, now); err != nil {
		return nil, err
	}
	var all []config.Exception
	for _, text := range f.accept {
		step, id, _ := strings.Cut(text, ":")
		e := config.Exception{ID: id, Reason: f.change.reason, Expires: config.Date(f.expires)}
		if err := e.Step.UnmarshalText([]byte(step)); err != nil {
			return nil, fmt.Errorf("--accept %s: %w", text, err)
		}
		if id == "" {
			return nil, fmt.Errorf("--accept %s: which problem? STEP:ID, as the step's remedy names it", text)
		}
		all = append(all, e)
	}
	return all, nil
}

// renewed has an exception in place of the one for the same problem.
func renewed(list []config.Exception, e config.Exception) []config.Exception {
	var all []config.Exception
	for _, old := range list {
		if old.Step != e.Step || old.ID != e.ID {
			all = append(all, old)
		}
	}
	return append(all, e)
}

// readFragment reads a fragment of app-config; the configuration's rules judge it.
func readFragment(path string) (map[string]any, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--app-config: %w", err)
	}
	var fragment map[string]any
	if err := yaml.Unmarshal(content, &fragment); err != nil {
		return nil, fmt.Errorf("--app-config: read %s: %w", path, err)
	}
	if len(fragment) == 0 {
		return nil, fmt.Errorf("--app-config: %s has nothing in it", path)
	}
	return fragment, nil
}
