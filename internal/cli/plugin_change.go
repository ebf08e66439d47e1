package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"
	"github.com/pmezard/go-difflib/difflib"
	"github.com/spf13/cobra"

	"gatehouse/internal/engine"
	"gatehouse/plugins/status"
	"gatehouse/stacks"
	"gatehouse/stacks/config"
)

// pluginChange changes the packages of a stack's file and brings the environment
// up with them; when that fails the file is as it was.
type pluginChange struct {
	stackDocument
	// operation is the up, with its flags.
	operation *operationFlags
	// reason is why, in the user's words; "" when they gave none.
	reason string
	// up brings the environment up; that of gatehouse up.
	up func(*cobra.Command) error
	// look reads what the cluster says of its plugins.
	look func(*cobra.Command) (status.Status, error)
	// what is done, for people: "install a@1.0.0".
	what string
}

// newPluginChange takes the stack of the flags.
func newPluginChange(f *changeFlags, what string) (*pluginChange, error) {
	document, err := readStack(f.operation.stack)
	if err != nil {
		return nil, err
	}
	f.operation.explain = f.operation.withReason
	c := &pluginChange{stackDocument: document, operation: &f.operation, reason: f.reason, what: what}
	c.up = c.operate
	c.look = c.statusOf
	return c, nil
}

// operate is what gatehouse up does. The program reads from its environment why it
// runs, as that of `pulumi up` does.
func (c *pluginChange) operate(cmd *cobra.Command) error {
	if c.reason != "" {
		if err := os.Setenv(stacks.ReasonVariable, c.reason); err != nil {
			return fmt.Errorf("--reason: %w", err)
		}
	}
	return c.operation.run(cmd, engine.Up)
}

// changeFlags are those of commands that change plugins.
type changeFlags struct {
	operation operationFlags
	reason    string
}

// register registers them.
func (f *changeFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.operation.registerTarget(flags)
	f.operation.output = "text"
	flags.BoolVar(&f.operation.yes, "yes", false, "do not ask")
	flags.BoolVar(&f.operation.skipPreview, "skip-preview", false, "judge resources as they come, not all before the first is touched")
	flags.StringVar(&f.reason, "reason", "", "why, for the audit trail (default: $"+stacks.ReasonVariable+")")
	_ = cmd.MarkFlagRequired("stack")
}

// run writes the file with its new content and brings the environment up. Who is
// asked sees what changes in the file first.
func (c *pluginChange) run(cmd *cobra.Command, changed []byte) error {
	if _, err := config.Parse(c.name, changed); err != nil {
		return fmt.Errorf("%s: the configuration would be wrong:\n%w", c.what, err)
	}
	if err := c.show(cmd, changed); err != nil {
		return err
	}
	if err := c.operation.confirm(cmd, engine.Up); err != nil {
		return err
	}
	c.operation.yes = true // asked once, for both
	return c.alone(func() error {
		if err := c.write(c.content, changed); err != nil {
			return err
		}
		if err := c.up(cmd); err != nil {
			return c.takeBack(cmd, changed, err)
		}
		return nil
	})
}

// show writes the difference of the two files.
func (c *pluginChange) show(cmd *cobra.Command, changed []byte) error {
	if bytes.Equal(c.content, changed) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s has it already\n", c.name)
		return nil
	}
	text, err := difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
		A: difflib.SplitLines(string(c.content)), B: difflib.SplitLines(string(changed)),
		FromFile: c.name, ToFile: c.name, Context: 3,
	})
	if err != nil {
		return fmt.Errorf("show what changes: %w", err)
	}
	fmt.Fprint(cmd.ErrOrStderr(), text)
	return nil
}

// write replaces the file, when it is still what it is taken for: nobody else's
// change may be lost.
func (c *pluginChange) write(from, to []byte) (err error) {
	// Between looking and writing no other command of ours writes. The project's own
	// file is locked, since the stack's is replaced.
	lock := flock.New(filepath.Join(c.root, "Pulumi.yaml"), flock.SetFlag(os.O_RDONLY))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	now, err := os.ReadFile(c.path)
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	if !bytes.Equal(now, from) {
		return fmt.Errorf("write the configuration: %s was changed by somebody else meanwhile", c.name)
	}
	if bytes.Equal(from, to) {
		return nil
	}
	info, err := os.Stat(c.path)
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	if err := renameio.WriteFile(destination(c.path), to, info.Mode().Perm()); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	return nil
}

// takeBack makes the file what it was, after an up that failed.
func (c *pluginChange) takeBack(cmd *cobra.Command, changed []byte, failed error) error {
	if !bytes.Equal(changed, c.content) {
		if err := c.write(changed, c.content); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", c.what, failed), fmt.Errorf("%s has the change still: %w", c.name, err))
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "could not %s; %s is as it was before\n", c.what, c.name)
	}
	if errors.Is(failed, errFindings) {
		return failed
	}
	return fmt.Errorf("%s: %w", c.what, failed)
}
