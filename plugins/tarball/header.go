package tarball

import (
	"archive/tar"
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// admit judges one entry. raw is its own header block. file is false for what is
// no regular file and is passed over: folders and comments.
func (n *names) admit(header *tar.Header, raw []byte) (entry Entry, file bool, err error) {
	name := header.Name
	switch header.Typeflag {
	case tar.TypeReg, tar.TypeDir:
	case tar.TypeXGlobalHeader:
		// git archive leaves a comment. Anything else there would rename or resize
		// every entry behind it, for those programs that heed it.
		for record := range header.PAXRecords {
			if record != "comment" {
				return Entry{}, false, refuse(Ambiguous, name, "it sets %q for all entries behind it", short(record))
			}
		}
		return Entry{}, false, nil
	case tar.TypeSymlink, tar.TypeLink:
		return Entry{}, false, refuse(Link, name, "it is a link to %q", short(header.Linkname))
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return Entry{}, false, refuse(Device, name, "it is a device or a FIFO")
	case tar.TypeGNUSparse:
		return Entry{}, false, refuse(Sparse, name, "it is a sparse file")
	default:
		return Entry{}, false, refuse(UnknownKind, name, "its kind is %q", header.Typeflag)
	}
	dir := header.Typeflag == tar.TypeDir
	if err := agree(header, raw, dir); err != nil {
		return Entry{}, false, err
	}
	if header.Size > n.limits.File {
		return Entry{}, false, refuse(FileTooLarge, name, "it has %d bytes, more than %d", header.Size, n.limits.File)
	}
	stripped, err := n.strip(name, dir)
	if err != nil || stripped == "" {
		return Entry{}, false, err
	}
	if err := n.add(name, stripped, dir); err != nil || dir {
		return Entry{}, false, err
	}
	entry = Entry{Path: stripped, Size: header.Size, Mode: 0o644}
	if header.Mode&0o100 != 0 {
		entry.Mode = 0o755
	}
	return entry, true, nil
}

// agree compares what extended headers (PAX records, GNU long names) say of an
// entry with its own header. They may give the name that the header has no room or
// no letters for, and repeat the size. A program that does not read them sees
// another package when they say anything else.
func agree(header *tar.Header, raw []byte, dir bool) error {
	for record := range header.PAXRecords {
		switch {
		case strings.HasPrefix(record, "GNU.sparse."):
			return refuse(Sparse, header.Name, "it is a sparse file")
		case record == "linkpath" || record == "hdrcharset":
			return refuse(Ambiguous, header.Name, "an extended header sets %q", record)
		}
	}
	if own := ownName(raw); !standsFor(own, header.Name) {
		return refuse(Ambiguous, header.Name, "its own header calls it %q", short(own))
	}
	if name, set := header.PAXRecords["path"]; set && name != header.Name {
		return refuse(Ambiguous, header.Name, "an extended header calls it %q", short(name))
	}
	_, sized := header.PAXRecords["size"]
	if size, ok := octal(raw[124:136]); (sized || dir) && (!ok || size != header.Size || dir && size != 0) {
		return refuse(Ambiguous, header.Name, "its headers give it two sizes")
	}
	return nil
}

// nameCut is the shortest name field that may be the beginning of a longer name:
// the field has 100 bytes, and npm writes whole characters of at most 4 bytes.
const nameCut = 96

// standsFor tells whether an entry's own name is what honest programs write where
// the whole name stands in an extended header: its beginning (npm, GNU tar),
// "PaxHeader" (yarn and pnpm) or the name without what is no ASCII (Go).
func standsFor(own, name string) bool {
	switch {
	case own == name, own == "PaxHeader":
		return true
	case len(own) >= nameCut:
		return strings.HasPrefix(name, own)
	}
	ascii := strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return -1
		}
		return r
	}, name)
	return ascii != name && own == ascii
}

// ownName is the name in a header block: name, or prefix/name in USTAR (POSIX.1-1988).
func ownName(raw []byte) string {
	name := text(raw[:100])
	if string(raw[257:263]) == "ustar\x00" {
		if prefix := text(raw[345:500]); prefix != "" {
			return prefix + "/" + name
		}
	}
	return name
}

func text(field []byte) string {
	text, _, _ := bytes.Cut(field, []byte{0})
	return string(text)
}

// octal reads a number of a header block; an empty one is 0.
func octal(field []byte) (int64, bool) {
	digits := strings.Trim(string(field), " \x00")
	if digits == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(digits, 8, 64)
	return n, err == nil
}
