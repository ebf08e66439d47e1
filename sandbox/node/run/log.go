package run

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"time"
)

const (
	// logLimit is how large a log becomes, in bytes. Then it begins anew.
	logLimit = 10 << 20
	// lineLimit is how long a line of it is; a longer one is broken.
	lineLimit = 16 << 10
)

// stamp is how the time is written before each line: of one length.
const stamp = "2006-01-02T15:04:05.000000000Z"

// logFile takes the output of one run of a container, a line at a time, each with
// the time before it. It is safe for several writers.
type logFile struct {
	mu   sync.Mutex
	file *os.File
	size int
	rest []byte
}

// newLog begins a log at path. The one before stays as path.previous.
func newLog(path string) (*logFile, error) {
	_ = os.Rename(path, previous(path)) // there is none before the first run
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return &logFile{file: file}, nil
}

func previous(path string) string { return path + ".previous" }

// Write keeps what ends with a line.
func (l *logFile) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, text...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		switch {
		case i > lineLimit || i < 0 && len(l.rest) > lineLimit:
			l.line(l.rest[:lineLimit])
			l.rest = l.rest[lineLimit:]
		case i < 0:
			return len(text), nil
		default:
			l.line(l.rest[:i])
			l.rest = l.rest[i+1:]
		}
	}
}

// line writes one line. A full disk must not end the container: it is lost then.
func (l *logFile) line(text []byte) {
	if l.size > logLimit {
		_ = l.file.Truncate(0)
		l.size = 0
	}
	n, _ := fmt.Fprintf(l.file, "%s %s\n", time.Now().UTC().Format(stamp), text)
	l.size += n
}

// Close writes what has no end of line and closes the file.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		l.line(l.rest)
		l.rest = nil
	}
	return l.file.Close()
}
