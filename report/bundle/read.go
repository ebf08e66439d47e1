package bundle

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"
)

// The tar's own sizes, in bytes.
const (
	blockSize = 512
	// maxTail is how far is read on for the end of an archive that other programs
	// have padded.
	maxTail = 1 << 20
)

// archive is what was read of a bundle's tar.
type archive struct {
	// files are the parts in the archive's order; at is the time of each.
	files []File
	at    []time.Time
	// held is the content of the parts that are kept.
	held map[string][]byte
	// place is where each part stands in files.
	place map[string]int
	// odd says, by part, what is not as [Write] writes it; "" is the archive.
	odd [][2]string
}

func (a archive) has(path string) bool {
	_, has := a.place[path]
	return has
}

// reader reads the tar block by block. Only the plain files that [Write] writes
// are read: the library's own reader would follow extensions, whose bytes
// nothing covers. A header is the library's to parse and to compare with.
type reader struct {
	r      io.Reader
	bounds limits
	// offset is where the next byte stands, total what the parts' sizes add up to.
	offset, total int64
	archive       archive
}

// readArchive reads a bundle and keeps the content of the parts that keep names.
// It stops after the part that last names, if it is not "".
func readArchive(r io.Reader, b limits, last string, keep ...string) (archive, error) {
	reader := &reader{r: r, bounds: b, archive: archive{held: map[string][]byte{}, place: map[string]int{}}}
	for _, path := range keep {
		reader.archive.held[path] = nil
	}
	for {
		path, err := reader.next()
		if err != nil {
			return archive{}, fmt.Errorf("read bundle: %w", err)
		}
		if path == "" || path == last {
			return reader.archive, nil
		}
	}
}

// next reads one part; at the end of the archive its path is "".
func (r *reader) next() (string, error) {
	start := r.offset
	block, err := r.block("the header of another part")
	if err != nil {
		return "", err
	}
	if block == [blockSize]byte{} {
		return "", r.end()
	}
	head, err := r.header(block, start)
	if err != nil {
		return "", fmt.Errorf("at byte %d: %w", start, err)
	}
	if err := r.content(head); err != nil {
		return "", err
	}
	return head.Name, nil
}

// block reads one block of the tar; what says what is expected in it.
func (r *reader) block(what string) ([blockSize]byte, error) {
	var block [blockSize]byte
	n, err := io.ReadFull(r.r, block[:])
	r.offset += int64(n)
	switch {
	case errors.Is(err, io.EOF) && r.offset == 0:
		return block, errors.New("the file is empty")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		if r.offset < blockSize {
			return block, foreign(block[:n])
		}
		return block, fmt.Errorf("it is cut off at byte %d, where %s should stand: get it again", r.offset, what)
	}
	return block, err
}

// header reads the header of a part that may be one.
func (r *reader) header(block [blockSize]byte, start int64) (*tar.Header, error) {
	switch kind := block[156]; kind {
	case tar.TypeReg, 0:
	default:
		if start == 0 && !bytes.HasPrefix(block[257:], []byte("ustar")) {
			return nil, foreign(block[:])
		}
		return nil, fmt.Errorf("there is %s, and a bundle holds plain files alone: another program has written it", kindOf(kind))
	}
	head, err := tar.NewReader(bytes.NewReader(block[:])).Next()
	if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
		if start == 0 {
			return nil, foreign(block[:])
		}
		return nil, fmt.Errorf("there is no header of a tar: %w", err)
	}
	if err := checkPath(head.Name); err != nil {
		return nil, err
	}
	switch {
	case r.archive.has(head.Name):
		return nil, fmt.Errorf("%s is there twice", head.Name)
	case len(r.archive.files) == r.bounds.parts:
		return nil, fmt.Errorf("there are more than the %d parts that may be", r.bounds.parts)
	case head.Size < 0 || head.Size > r.bounds.of(head.Name):
		return nil, fmt.Errorf("%s says that it has %d bytes; %d may be", head.Name, head.Size, r.bounds.of(head.Name))
	case r.total+head.Size > r.bounds.total:
		return nil, fmt.Errorf("with %s the parts have more than the %d bytes that may be", head.Name, r.bounds.total)
	}
	r.total += head.Size
	if n := len(r.archive.files); n > 0 && r.archive.files[n-1].Path > head.Name {
		r.strange(head.Name, "it is not in its place, which is by name")
	}
	if want, err := headerBlock(head); err != nil || want != block {
		r.strange(head.Name, "its header has an owner, a mode or other bytes that gatehouse does not write")
	}
	return head, nil
}

// headerBlock is the block of the header that [Write] writes for a part.
func headerBlock(head *tar.Header) ([blockSize]byte, error) {
	var text bytes.Buffer
	err := tar.NewWriter(&text).WriteHeader(header(head.Name, head.Size, head.ModTime))
	var block [blockSize]byte
	copy(block[:], text.Bytes())
	return block, err
}

// content reads what a header announces, and the zeros after it.
func (r *reader) content(head *tar.Header) error {
	sum := sha256.New()
	var kept bytes.Buffer
	to := io.Writer(sum)
	if _, keep := r.archive.held[head.Name]; keep {
		to = io.MultiWriter(sum, &kept)
	}
	n, err := io.Copy(to, io.LimitReader(r.r, head.Size))
	r.offset += n
	if err != nil {
		return fmt.Errorf("%s: %w", head.Name, err)
	}
	if n < head.Size {
		return fmt.Errorf("it is cut off at byte %d, in %s (%d of %d bytes): get it again", r.offset, head.Name, n, head.Size)
	}
	if _, keep := r.archive.held[head.Name]; keep {
		r.archive.held[head.Name] = kept.Bytes()
	}
	var padding [blockSize]byte
	rest := padding[:(blockSize-head.Size%blockSize)%blockSize]
	n2, err := io.ReadFull(r.r, rest)
	r.offset += int64(n2)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("it is cut off at byte %d, after %s: get it again", r.offset, head.Name)
	case err != nil:
		return fmt.Errorf("%s: %w", head.Name, err)
	case padding != [blockSize]byte{}:
		r.strange(head.Name, "there are bytes between it and the next part")
	}
	r.archive.place[head.Name] = len(r.archive.files)
	r.archive.files = append(r.archive.files, File{Path: head.Name, Size: head.Size, SHA256: hex.EncodeToString(sum.Sum(nil))})
	r.archive.at = append(r.archive.at, head.ModTime)
	return nil
}

// end reads what follows the first block of zeros: one more, and nothing else.
func (r *reader) end() error {
	tail, err := io.ReadAll(io.LimitReader(r.r, maxTail))
	if err != nil {
		return fmt.Errorf("at byte %d: %w", r.offset, err)
	}
	if len(tail) != blockSize || bytes.Count(tail, []byte{0}) != len(tail) {
		r.strange("", fmt.Sprintf("after its end, at byte %d, follow %d bytes in place of %d zeros", r.offset, len(tail), blockSize))
	}
	return nil
}

func (r *reader) strange(path, what string) {
	r.archive.odd = append(r.archive.odd, [2]string{path, what})
}

// kindOf words what a tar's entry is.
func kindOf(kind byte) string {
	switch kind {
	case tar.TypeLink, tar.TypeSymlink:
		return "a link"
	case tar.TypeDir:
		return "a folder"
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return "a device or pipe"
	case tar.TypeXHeader, tar.TypeXGlobalHeader, tar.TypeGNULongName, tar.TypeGNULongLink, tar.TypeGNUSparse:
		return "a header of PAX or GNU tar"
	default:
		return fmt.Sprintf("an entry of kind %q", kind)
	}
}

// foreign says what a file is that is no tar, by how it begins.
func foreign(start []byte) error {
	for _, known := range []struct{ magic, is string }{
		{"\x1f\x8b", "it is compressed: unpack it with gunzip"},
		{"\x28\xb5\x2f\xfd", "it is compressed: unpack it with zstd -d"},
		{"PK\x03\x04", "it is a zip file"},
		{"{", "it is JSON: a results file is shown with gatehouse report render"},
		{"<", "it is HTML or XML: name the bundle that it came with"},
	} {
		if bytes.HasPrefix(start, []byte(known.magic)) {
			return fmt.Errorf("it is no evidence bundle: %s", known.is)
		}
	}
	return errors.New("it is no evidence bundle: a bundle is a tar that gatehouse wrote")
}
