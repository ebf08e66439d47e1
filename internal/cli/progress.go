package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"gatehouse/internal/engine"
	"gatehouse/stacks"
)

// width is how many columns text output may take.
const width = 80

// progress shows how far long work is: one line that rewrites itself on a
// terminal, a plain line now and then elsewhere.
type progress struct {
	out      io.Writer
	stack    string
	terminal bool
	every    time.Duration
	shown    time.Time
	counts   map[string]int
}

func newProgress(out io.Writer, stack string) *progress {
	p := &progress{out: out, stack: stack, every: 10 * time.Second, shown: time.Now(), counts: map[string]int{}}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		p.terminal, p.every = true, 100*time.Millisecond
	}
	return p
}

func (p *progress) step(s engine.Step) {
	if s.Layer == "" {
		return
	}
	p.counts[s.Layer]++
	p.say(layerCounts(p.counts))
}

// say shows how far the work is, when it was not just shown.
func (p *progress) say(text string) {
	if time.Since(p.shown) < p.every {
		return
	}
	p.shown = time.Now()
	line := fmt.Sprintf("%-11s %s", p.stack, text)
	if p.terminal {
		line = "\r\x1b[K" + line[:min(len(line), width)]
	} else {
		line += "\n"
	}
	fmt.Fprint(p.out, line)
}

// end clears the rewritten line, so that the summary takes its place.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// layerCounts lists the layers in their order: "foundation 41 · network 52".
func layerCounts(counts map[string]int) string {
	var parts []string
	for _, layer := range stacks.Layers() {
		if n := counts[layer]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", layer, n))
		}
	}
	return strings.Join(parts, " · ")
}
