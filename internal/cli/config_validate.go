package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"gatehouse/stacks/config"
)

func newConfigValidateCommand() *cobra.Command {
	var stack, output string
	cmd := &cobra.Command{
		Use:   "validate [-s STACK | FILE...]",
		Short: "Report every mistake of stack files",
		Long: `Read stack files strictly and report every mistake of each: the line, the
key, what is wrong and the nearest valid name. All Pulumi.STACK.yaml of the
project when none is named. Exit code 1 when there are mistakes, 2 when a file
cannot be read. Warnings are shown and change nothing.`,
		Example: `  gatehouse config validate
  gatehouse config validate -s staging
  gatehouse config validate -o json Pulumi.production.yaml`,
		RunE: func(cmd *cobra.Command, files []string) error {
			if output != "text" && output != "json" {
				return fmt.Errorf("unknown output %q: text or json", output)
			}
			files, err := filesToValidate(stack, files)
			if err != nil {
				return err
			}
			report, err := validateFiles(files)
			if err != nil {
				return err
			}
			if output == "json" {
				err = writeJSON(cmd.OutOrStdout(), report)
			} else {
				err = report.write(cmd.OutOrStdout())
			}
			if err == nil && len(report.Problems.Errors()) > 0 {
				return errFindings
			}
			return err
		},
	}
	cmd.Flags().StringVarP(&stack, "stack", "s", "", "only this environment's file, e.g. staging")
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return cmd
}

func filesToValidate(stack string, files []string) ([]string, error) {
	switch {
	case stack != "" && len(files) > 0:
		return nil, fmt.Errorf("choose -s %s or files, not both", stack)
	case stack != "":
		file, err := stackFile(stack)
		return []string{file}, err
	case len(files) > 0:
		return files, nil
	default:
		return stackFiles()
	}
}

// configReport is what `config validate` shows.
type configReport struct {
	Files    []string        `json:"files"`
	Problems config.Problems `json:"problems"`
}

func validateFiles(files []string) (configReport, error) {
	report := configReport{Files: files, Problems: config.Problems{}}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return configReport{}, fmt.Errorf("read configuration: %w", err)
		}
		_, problems := config.Check(file, content)
		report.Problems = append(report.Problems, problems...)
	}
	return report, nil
}

func (r configReport) write(out io.Writer) error {
	bad := make(map[string]bool)
	for _, problem := range r.Problems {
		bad[problem.File] = bad[problem.File] || !problem.Warning
		if _, err := fmt.Fprintln(out, problem); err != nil {
			return fmt.Errorf("write the problems: %w", err)
		}
	}
	for _, file := range r.Files {
		if bad[file] {
			continue
		}
		if _, err := fmt.Fprintf(out, "%s: valid\n", file); err != nil {
			return fmt.Errorf("write the problems: %w", err)
		}
	}
	return nil
}
