package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func newConfigCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Validate and show the configuration of environments",
		Long: `The configuration of an environment is the gatehouse: part of its
Pulumi.STACK.yaml. It is typed and read strictly: docs/architecture.md says how.`,
		Example: `  gatehouse config validate
  gatehouse config show -s staging`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newConfigValidateCommand(), newConfigSchemaCommand(), newConfigShowCommand())
	return cmd
}

// stackFile is the path of a stack's configuration, as short as it is clear.
func stackFile(stack string) (string, error) {
	root, err := projectRoot()
	if err != nil {
		return "", err
	}
	return fromHere(filepath.Join(root, "Pulumi."+stack+".yaml")), nil
}

// stackFiles are the paths of all stacks' configurations.
func stackFiles() ([]string, error) {
	root, err := projectRoot()
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("list stack files: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("list stack files: no Pulumi.STACK.yaml in %s", root)
	}
	for i, file := range files {
		files[i] = fromHere(file)
	}
	return files, nil
}

// fromHere is the path from the working directory when that is below it, so
// that messages read FILE:LINE and editors can open them.
func fromHere(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return path
}
