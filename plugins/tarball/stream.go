package tarball

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
)

// block is tar's unit, in bytes.
const block = 512

// ratioFrom is how many bytes come out before the ratio counts: a short file of
// one letter packs better than any bomb.
const ratioFrom = 1 << 20

// source counts what is read, and remembers a failure that is not the package's.
type source struct {
	r     io.Reader
	bytes int64
	err   error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.bytes += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// stream is what comes out of the gzip, counted and bounded.
type stream struct {
	ctx    context.Context
	limits Limits
	source *source
	packed *bufio.Reader
	gzip   *gzip.Reader
	bytes  int64
	// tail is the last block that came out: behind tar.Reader.Next it is the
	// entry's own header, as it stands in the archive.
	tail [block]byte
}

func open(ctx context.Context, r io.Reader, limits Limits) (*stream, error) {
	s := &stream{ctx: ctx, limits: limits, source: &source{r: r}}
	// gzip reads no further than its end from what has ReadByte.
	s.packed = bufio.NewReader(s.source)
	unpacked, err := gzip.NewReader(s.packed)
	switch {
	case s.source.err == nil && errors.Is(err, io.EOF):
		return nil, refuse(Truncated, "", "it is empty")
	case s.source.err == nil && errors.Is(err, gzip.ErrHeader):
		return nil, refuse(NotGzip, "", "it is no gzip")
	case err != nil:
		return nil, s.explain("", err)
	}
	unpacked.Multistream(false)
	s.gzip = unpacked
	return s, nil
}

func (s *stream) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.gzip.Read(p)
	s.bytes += int64(n)
	s.remember(p[:n])
	switch {
	case s.source.bytes > s.limits.Packed:
		return n, refuse(PackedTooLarge, "", "it has more than %d bytes", s.limits.Packed)
	case s.bytes > s.limits.Unpacked:
		return n, refuse(UnpackedTooLarge, "", "it unpacks to more than %d bytes", s.limits.Unpacked)
	case s.bytes > ratioFrom && s.bytes/s.limits.Ratio > s.source.bytes:
		return n, refuse(Bomb, "", "it unpacks to more than %d times its size", s.limits.Ratio)
	}
	return n, err
}

func (s *stream) remember(p []byte) {
	if len(p) < block {
		copy(s.tail[:], s.tail[len(p):])
	} else {
		p = p[len(p)-block:]
	}
	copy(s.tail[block-len(p):], p)
}

// end checks that nothing follows the archive's end, and that it has one: a tar
// cut between two entries looks whole otherwise.
func (s *stream) end() error {
	if s.bytes == 0 || s.tail != [block]byte{} {
		return refuse(Truncated, "", "the tar has no end mark")
	}
	var rest [8 << 10]byte
	for {
		n, err := s.Read(rest[:])
		for _, b := range rest[:n] {
			if b != 0 {
				return refuse(TrailingBytes, "", "something follows the end of the tar")
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s.explain("", err)
		}
	}
	next, err := s.packed.Peek(2)
	switch {
	case s.source.err != nil:
		return s.explain("", s.source.err)
	case len(next) == 2 && next[0] == 0x1f && next[1] == 0x8b:
		return refuse(SecondMember, "", "another gzip follows the first")
	case len(next) > 0:
		return refuse(TrailingBytes, "", "something follows the end of the gzip")
	case !errors.Is(err, io.EOF):
		return s.explain("", err)
	case s.source.bytes > s.limits.Packed:
		return refuse(PackedTooLarge, "", "it has more than %d bytes", s.limits.Packed)
	}
	return nil
}

// explain tells a bad package from one that could not be read.
func (s *stream) explain(entry string, err error) error {
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		if refusal.Entry == "" {
			refusal.Entry = entry
		}
		return refusal
	case s.source.err != nil:
		return fmt.Errorf("read the package: %w", s.source.err)
	case s.ctx.Err() != nil:
		return fmt.Errorf("read the package: %w", s.ctx.Err())
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &Refusal{Reason: Truncated, Entry: entry, Detail: "it is cut off here or behind it"}
	case errors.Is(err, tar.ErrHeader):
		return &Refusal{Reason: Damaged, Entry: entry, Detail: "what is here or behind it is no tar", Err: err}
	}
	return &Refusal{Reason: Damaged, Entry: entry, Detail: "it is damaged here or behind it", Err: err}
}
