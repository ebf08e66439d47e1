package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

const (
	// tries is how often an export is asked for when that may help.
	tries = 4
	// first is the longest first pause; each one after is twice as long.
	first = 2 * time.Second
	// longest is the longest pause that a source may ask for: whoever waits for more
	// is better told.
	longest = time.Minute
)

// export is one that was read whole, in a file without a name.
type export struct {
	file *os.File
	size int64
}

func (e export) close() { _ = e.file.Close() }

// download reads the export whole. Nothing is resumed: the half of an export may be
// of yesterday's.
func (o Options) download(ctx context.Context, from Remote, seen Tag) (export, Tag, error) {
	file, err := unnamed(o.Scratch)
	if err != nil {
		return export{}, Tag{}, err
	}
	e := export{file: file}
	for try := 1; ; try++ {
		tag, err := o.once(ctx, from, seen, &e)
		var later Unavailable
		switch {
		case err == nil:
			return e, tag, nil
		case ctx.Err() != nil:
			err = context.Cause(ctx)
		case errors.As(err, &later) && try < tries && later.After <= longest:
			pause := time.Duration(float64(first<<(try-1)) * (0.5 + o.Random()/2))
			if err = o.Wait(ctx, max(pause, later.After)); err == nil {
				continue
			}
		case errors.As(err, &later):
			err = fmt.Errorf("it does not answer, tries: %d: %w", try, err)
		}
		e.close()
		return export{}, Tag{}, err
	}
}

// once makes one try.
func (o Options) once(ctx context.Context, from Remote, seen Tag, e *export) (Tag, error) {
	each, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	still := fmt.Errorf("it stood still for %s", o.Idle)
	idle := time.AfterFunc(o.Idle, func() { cancel(still) })
	defer idle.Stop()
	halted := func(err error) error {
		if errors.Is(context.Cause(each), still) {
			return Unavailable{Cause: still}
		}
		return err
	}
	body, tag, err := from.Get(each, seen)
	if err != nil {
		return Tag{}, halted(err)
	}
	defer body.Close()
	if s, is := body.(interface{ Length() int64 }); is && s.Length() > o.Limits.Download {
		return Tag{}, o.tooLarge()
	}
	// What a longer try before has left behind it is above the size, and not read.
	if _, err := e.file.Seek(0, io.SeekStart); err != nil {
		return Tag{}, err
	}
	in := &moving{from: body, moved: func() { idle.Reset(o.Idle) }}
	e.size, err = io.Copy(struct{ io.Writer }{e.file}, io.LimitReader(in, o.Limits.Download+1))
	switch {
	case in.err != nil:
		return Tag{}, halted(Unavailable{Cause: fmt.Errorf("the answer broke off: %w", in.err)})
	case err != nil:
		return Tag{}, fmt.Errorf("write a temporary file: %w", err)
	case e.size > o.Limits.Download:
		return Tag{}, o.tooLarge()
	}
	return tag, nil
}

func (o Options) tooLarge() error {
	return fmt.Errorf("%w: %d bytes", ErrTooLarge, o.Limits.Download)
}

// moving tells of every piece, and tells errors of reading from those of writing.
type moving struct {
	from  io.Reader
	moved func()
	err   error
}

func (m *moving) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	if n > 0 {
		m.moved()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		m.err = err
	}
	return n, err
}
