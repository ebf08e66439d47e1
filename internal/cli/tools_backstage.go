package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gatehouse/internal/toolbox"
	"gatehouse/plugins/gate"
)

// newToolsBackstageCommand is for the Makefile, and for whoever writes the host's
// manifest of a portal that is the sandbox's.
func newToolsBackstageCommand() *cobra.Command {
	var host bool
	cmd := &cobra.Command{
		Use:   "backstage",
		Short: "Print the folder of the minimal Backstage, installing it when it is missing",
		Example: `  gatehouse tools backstage
  gatehouse tools backstage --host > sandbox/backstage/host.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root, err := projectRoot()
			if err != nil {
				return err
			}
			if host {
				text, err := backstageHost(cmd.Context(), root)
				if err != nil {
					return fmt.Errorf("make the host's manifest: %w", err)
				}
				fmt.Fprintln(cmd.OutOrStdout(), text)
				return nil
			}
			folder, err := toolbox.Backstage(cmd.Context(), root, func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) })
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), folder)
			return nil
		},
	}
	cmd.Flags().BoolVar(&host, "host", false, "print what the gate holds plugins against, as JSON, and install nothing")
	return cmd
}

// backstageHost is the manifest of the minimal Backstage under the node on PATH.
func backstageHost(ctx context.Context, root string) (string, error) {
	folder := filepath.Join(root, "sandbox", "backstage")
	lock, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(folder, "backstage.json"))
	if err != nil {
		return "", err
	}
	var release struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(text, &release); err != nil {
		return "", fmt.Errorf("read backstage.json: %w", err)
	}
	node, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask node for its version: %w", err)
	}
	manifest, err := gate.HostOfLock(lock, release.Version, strings.TrimPrefix(strings.TrimSpace(string(node)), "v"))
	if err == nil {
		manifest, err = named(manifest, lock)
	}
	if err != nil {
		return "", err
	}
	out, err := json.MarshalIndent(manifest, "", "  ")
	return string(out), err
}

// named is a host with those packages alone that plugins may count on: Backstage's
// and React's, and what they name themselves. What else lies there for the sake of
// another package may be gone with its next version. The manifest goes to every stage
// Job in a variable, which holds 128 KiB.
func named(host gate.Host, lock []byte) (gate.Host, error) {
	var document struct {
		Packages map[string]struct {
			Dependencies     map[string]string `json:"dependencies"`
			PeerDependencies map[string]string `json:"peerDependencies"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(lock, &document); err != nil {
		return gate.Host{}, fmt.Errorf("read package-lock.json: %w", err)
	}
	kept := map[string]string{}
	keep := func(name string) {
		version, found := host.Packages[name]
		if found && !strings.HasPrefix(name, "@types/") { // nobody loads them
			kept[name] = version
		}
	}
	for name := range host.Packages {
		if !strings.HasPrefix(name, "@backstage/") && name != "react" && !strings.HasPrefix(name, "react-") {
			continue
		}
		keep(name)
		each := document.Packages["node_modules/"+name]
		for dependency := range each.Dependencies {
			keep(dependency)
		}
		for dependency := range each.PeerDependencies {
			keep(dependency)
		}
	}
	host.Packages = kept
	return host, nil
}
