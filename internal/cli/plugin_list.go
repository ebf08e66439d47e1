package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gatehouse/stacks/config"
)

func newPluginListCommand() *cobra.Command {
	var stack, output string
	cmd := &cobra.Command{
		Use:   "list -s STACK",
		Short: "List the plugins that the configuration asks for",
		Long: `List the plugins of Pulumi.STACK.yaml, with their strategies and what is
accepted for them. What runs is shown by 'gatehouse plugin status'.`,
		Example: `  gatehouse plugin list -s staging
  gatehouse plugin list -s staging -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("unknown output %q: text or json", output)
			}
			document, err := readStack(stack)
			if err != nil {
				return err
			}
			list := listPlugins(document.plugins())
			if output == "json" {
				return writeJSON(cmd.OutOrStdout(), list)
			}
			return list.write(cmd.OutOrStdout(), stack)
		},
	}
	cmd.Flags().StringVarP(&stack, "stack", "s", "", "the environment, e.g. staging")
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	_ = cmd.MarkFlagRequired("stack")
	return cmd
}

// pluginList is what `plugin list` shows.
type pluginList struct {
	// Managed tells that the portal has these plugins and no others.
	Managed  bool           `json:"managed"`
	Packages []listedPlugin `json:"packages"`
}

type listedPlugin struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Integrity string `json:"integrity"`
	Strategy  string `json:"strategy"`
	// AppConfig tells that it has a fragment of app-config.
	AppConfig bool             `json:"appConfig"`
	Accepted  []listedAccepted `json:"accepted"`
}

type listedAccepted struct {
	Step    string `json:"step"`
	ID      string `json:"id"`
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

func listPlugins(p config.Plugins) pluginList {
	list := pluginList{Managed: p.Managed(), Packages: []listedPlugin{}}
	for _, pkg := range p.Packages {
		each := listedPlugin{
			Name: string(pkg.Name), Version: string(pkg.Version), Integrity: string(pkg.Integrity),
			Strategy: string(p.StrategyOf(pkg)), AppConfig: len(pkg.AppConfig) > 0, Accepted: []listedAccepted{},
		}
		for _, e := range pkg.Accept {
			each.Accepted = append(each.Accepted, listedAccepted{string(e.Step), e.ID, e.Reason, string(e.Expires)})
		}
		list.Packages = append(list.Packages, each)
	}
	return list
}

func (l pluginList) write(out io.Writer, stack string) error {
	var b strings.Builder
	switch {
	case !l.Managed:
		fmt.Fprintf(&b, "%s does not manage plugins: portal.plugins.packages is absent\n", stack)
	case len(l.Packages) == 0:
		fmt.Fprintf(&b, "%s has no plugins\n", stack)
	}
	for _, p := range l.Packages {
		fmt.Fprintf(&b, "%s@%s\n", p.Name, p.Version)
		fragment := ""
		if p.AppConfig {
			fragment = ", with app-config"
		}
		fmt.Fprintf(&b, "  %s%s\n", p.Strategy, fragment)
		for _, e := range p.Accepted {
			fmt.Fprintf(&b, "  accepted until %s: %s of %s\n    %s\n", e.Expires, e.ID, e.Step, e.Reason)
		}
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("write the plugins: %w", err)
	}
	return nil
}
