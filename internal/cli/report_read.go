package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"

	"gatehouse/report/bundle"
	"gatehouse/report/readiness"
	"gatehouse/report/results"
)

// readRun reads a run from a results file or from an evidence bundle; "-" is
// standard input.
func readRun(stdin io.Reader, name string) (readiness.Run, error) {
	from := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return readiness.Run{}, fmt.Errorf("read results: %w", err)
		}
		defer file.Close()
		from = file
	}
	buffered := bufio.NewReaderSize(from, 512)
	// A tar's first block holds a name and the mark "ustar" at byte 257.
	head, _ := buffered.Peek(512)
	if len(head) < 262 || !bytes.Equal(head[257:262], []byte("ustar")) {
		return results.Read(name, buffered)
	}
	content, err := bundle.Report(buffered)
	if err != nil {
		return readiness.Run{}, fmt.Errorf("%s: %w", name, err)
	}
	return results.Read(name+": report.json", bytes.NewReader(content))
}
