package run

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// look is how often a log that is followed is looked at.
const look = 50 * time.Millisecond

// copyLog writes a log as kubectl asks for it. With Follow it goes on until ended
// is closed or ctx ends.
func copyLog(ctx context.Context, to io.Writer, path string, o corev1.PodLogOptions, ended <-chan struct{}) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	defer file.Close()
	if o.LimitBytes != nil {
		to = &limited{to, *o.LimitBytes}
	}
	if err := skip(file, o.TailLines); err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	reader := bufio.NewReader(file)
	var part []byte
	for {
		line, err := reader.ReadBytes('\n')
		part = append(part, line...)
		if err == nil {
			if err := writeLine(to, part, o); err != nil {
				return err
			}
			part = nil
			continue
		}
		if !errors.Is(err, io.EOF) {
			return fmt.Errorf("read the log: %w", err)
		}
		if !o.Follow {
			return writeLine(to, part, o)
		}
		select {
		case <-ended:
			o.Follow = false // once more, for what came last
		case <-ctx.Done():
			return nil
		case <-time.After(look):
		}
		if begunAnew(file) {
			part = nil
			reader.Reset(file)
		}
	}
}

// begunAnew goes to the start of a log that is shorter now than what was read.
func begunAnew(file *os.File) bool {
	at, err := file.Seek(0, io.SeekCurrent)
	info, statErr := file.Stat()
	if err != nil || statErr != nil || info.Size() >= at {
		return false
	}
	_, err = file.Seek(0, io.SeekStart)
	return err == nil
}

// skip goes to the last lines of a file.
func skip(file *os.File, lines *int64) error {
	if lines == nil {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(file, 2*logLimit))
	if err != nil {
		return err
	}
	at := len(text)
	for n := *lines; n > 0 && at > 0; n-- {
		at = bytes.LastIndexByte(text[:at-1], '\n') + 1
	}
	_, err = file.Seek(int64(at), io.SeekStart)
	return err
}

// writeLine writes a line of a log that is not too old.
func writeLine(to io.Writer, line []byte, o corev1.PodLogOptions) error {
	if len(line) <= len(stamp) {
		return nil
	}
	at, err := time.Parse(stamp, string(line[:len(stamp)]))
	switch {
	case err != nil:
		return fmt.Errorf("read the log: %w", err)
	case o.SinceTime != nil && at.Before(o.SinceTime.Time):
		return nil
	case o.SinceSeconds != nil && time.Since(at) > time.Duration(*o.SinceSeconds)*time.Second:
		return nil
	case !o.Timestamps:
		line = line[len(stamp)+1:]
	}
	_, err = to.Write(line)
	return err
}

// errFull says that a caller has all the bytes that it asked for.
var errFull = errors.New("the limit of bytes is reached")

// limited takes so many bytes.
type limited struct {
	to   io.Writer
	left int64
}

func (l *limited) Write(text []byte) (int, error) {
	if int64(len(text)) > l.left {
		_, _ = l.to.Write(text[:l.left])
		return 0, errFull
	}
	l.left -= int64(len(text))
	return l.to.Write(text)
}

// Unwrap lets a response be flushed.
func (l *limited) Unwrap() io.Writer { return l.to }

// lastLines are the end of a log for a status: at most 80 lines and 2048 bytes, as
// a kubelet takes with FallbackToLogsOnError.
func lastLines(path string) string {
	var b bytes.Buffer
	lines := int64(80)
	if err := copyLog(context.Background(), &b, path, corev1.PodLogOptions{TailLines: &lines}, nil); err != nil {
		return ""
	}
	text := b.Bytes()
	return string(text[max(0, len(text)-2048):])
}
