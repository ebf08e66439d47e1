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
	where := "on AWS"
	if f.sandbox {
		where = "in the sandbox"
	}
	return ask(cmd, fmt.Sprintf("%s of %s", op, f.stack), fmt.Sprintf("%s %s %s", op, f.stack, where), f.stack)
}

// ask has a person type a word before what is done is done. what names it for
// errors, will says it.
func ask(cmd *cobra.Command, what, will, word string) error {
	if file, ok := cmd.InOrStdin().(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		return fmt.Errorf("%s needs a person's word: add --yes", what)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "This will %s. Type the environment's name to go on: ", will)
	answer, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != word {
		return fmt.Errorf("%s was not confirmed; nothing was done", what)
	}
	return nil
}
