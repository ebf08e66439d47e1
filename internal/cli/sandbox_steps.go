package cli

import (
	"fmt"
	"io"
	"sync"

	"gatehouse/sandbox"
)

// sandboxSteps shows the steps of a sandbox that comes up, one line for each
// part that was not there. What runs already is not news.
type sandboxSteps struct {
	mu  sync.Mutex
	out io.Writer
}

func newSandboxSteps(out io.Writer) *sandboxSteps { return &sandboxSteps{out: out} }

func (s *sandboxSteps) show(step sandbox.Step) {
	if step.Text == "runs" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	line := fmt.Sprintf("  %-28s %s", step.Part, step.Text)
	if step.Took > 0 {
		line += fmt.Sprintf(" in %.1f s", step.Took.Seconds())
	}
	fmt.Fprintln(s.out, line)
}
