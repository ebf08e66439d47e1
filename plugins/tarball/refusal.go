package tarball

import "fmt"

// Reason is why a package is refused: a word that does not change, for programs
// and the audit trail.
type Reason string

// The reasons.
const (
	// NotGzip: it does not begin as gzip (RFC 1952) does.
	NotGzip Reason = "not-gzip"
	// Truncated: it ends too early, as gzip or as tar.
	Truncated Reason = "truncated"
	// Damaged: a checksum is wrong, or it is no gzip or tar where it should be.
	Damaged Reason = "damaged"
	// TrailingBytes: something follows the end of the tar or of the gzip.
	TrailingBytes Reason = "trailing-bytes"
	// SecondMember: another gzip follows the first; some programs read it, others
	// do not.
	SecondMember Reason = "second-member"
	// BadName: a name that is empty, no UTF-8, or has an element that is empty,
	// "." or directly beside the package's folder.
	BadName Reason = "bad-name"
	// HiddenCharacter: a name with NUL, a control character or one that is not
	// seen.
	HiddenCharacter Reason = "hidden-character"
	// Backslash: a name with a backslash, which some systems take for a slash.
	Backslash Reason = "backslash"
	// AbsolutePath: a name that begins with a slash.
	AbsolutePath Reason = "absolute-path"
	// Traversal: a name with "..".
	Traversal Reason = "traversal"
	// NameTooLong: a name above Limits.Name, or an element above 255 bytes.
	NameTooLong Reason = "name-too-long"
	// TooDeep: a name with more elements than Limits.Depth.
	TooDeep Reason = "too-deep"
	// Duplicate: a second file of one name.
	Duplicate Reason = "duplicate"
	// Collision: two names that differ only by letter case or by how Unicode
	// writes them, or one name that is a file and a folder.
	Collision Reason = "collision"
	// Link: a symbolic or hard link.
	Link Reason = "link"
	// Device: a device or a FIFO.
	Device Reason = "device"
	// Sparse: a file with holes, which few programs read alike.
	Sparse Reason = "sparse"
	// UnknownKind: an entry of any other kind.
	UnknownKind Reason = "unknown-kind"
	// Ambiguous: two headers of one entry that say different things.
	Ambiguous Reason = "ambiguous"
	// TooManyEntries: above Limits.Entries.
	TooManyEntries Reason = "too-many-entries"
	// PackedTooLarge: above Limits.Packed.
	PackedTooLarge Reason = "packed-too-large"
	// UnpackedTooLarge: above Limits.Unpacked.
	UnpackedTooLarge Reason = "unpacked-too-large"
	// FileTooLarge: above Limits.File.
	FileTooLarge Reason = "file-too-large"
	// Bomb: above Limits.Ratio.
	Bomb Reason = "bomb"
	// ManifestTooLarge: above Limits.Manifest or Limits.Manifests.
	ManifestTooLarge Reason = "manifest-too-large"
)

const (
	again  = "download it again; when it stays so, the registry's copy is damaged"
	repack = "do not install it; ask its author for a version as `npm pack` makes it"
	raise  = "raise the limit only when its author's build really needs that much"
)

// Advice is what to do about a package that is refused so.
func (r Reason) Advice() string {
	switch r {
	case NotGzip, Truncated, Damaged:
		return again
	case TooManyEntries, PackedTooLarge, UnpackedTooLarge, FileTooLarge, Bomb, ManifestTooLarge, NameTooLong, TooDeep:
		return raise
	}
	return repack
}

// Refusal is why a package must not be installed. Find it with [errors.As].
type Refusal struct {
	// Reason is the kind.
	Reason Reason
	// Entry is the name of the entry as the archive gives it, "" for the archive
	// as a whole. It is a stranger's: print it quoted.
	Entry string
	// Detail says what is wrong.
	Detail string
	// Err is the cause below, nil for none.
	Err error
}

func (r *Refusal) Error() string {
	text := "refuse the package: "
	if r.Entry != "" {
		text += fmt.Sprintf("entry %q: ", short(r.Entry))
	}
	text += r.Detail
	if r.Err != nil {
		text += ": " + r.Err.Error()
	}
	return text + " (" + string(r.Reason) + "); " + r.Reason.Advice()
}

// Unwrap is the cause below.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(reason Reason, entry, detail string, values ...any) *Refusal {
	return &Refusal{Reason: reason, Entry: entry, Detail: fmt.Sprintf(detail, values...)}
}

// short keeps a stranger's long name from filling a log.
func short(name string) string {
	if len(name) > 160 {
		return name[:120] + "..." + name[len(name)-36:]
	}
	return name
}
