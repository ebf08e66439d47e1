package cli

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gatehouse/internal/engine"
)

// confirm asks before what changes or deletes real things, and before anything
// is deleted in the sandbox. Who is not on a terminal must say --yes.
func (f *operationFlags) confirm(cmd *cobra.Command, op engine.Operation) error {
	if f.yes || op == engine.Preview || f.sandbox && op != engine.Destroy {
		return nil
	}
	if file, ok := cmd.InOrStdin().(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		return fmt.Errorf("%s of %s needs a person's word: add --yes", op, f.stack)
	}
	where := "on AWS"
	if f.sandbox {
		where = "in the sandbox"
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "This will %s %s %s. Type the environment's name to go on: ", op, f.stack, where)
	answer, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != f.stack {
		return fmt.Errorf("%s of %s was not confirmed; nothing was done", op, f.stack)
	}
	return nil
}
