package store

import (
	"errors"
	"fmt"

	"gatehouse/plugins"
	"gatehouse/plugins/store/tree"
	"gatehouse/plugins/tarball"
)

// ErrAbsent says that a plugin is not staged.
var ErrAbsent = errors.New("it is not staged")

// Reason is why a tarball is not the plugin: a word that does not change.
type Reason string

// The reasons.
const (
	// Integrity: the bytes are not those that were wanted.
	Integrity Reason = "integrity"
	// Misnamed: its package.json has another name or version. Backstage goes by it,
	// so that it would load what nobody has judged.
	Misnamed Reason = "misnamed"
)

// Refusal is a tarball that is not the plugin. Trying again with the same bytes is of
// no use. Find it with [errors.As].
type Refusal struct {
	Reason Reason
	Ref    plugins.Ref
	// Want and Got are integrities or NAME@VERSION; Got is a stranger's.
	Want, Got string
}

func (r *Refusal) Error() string {
	if r.Reason == Integrity {
		return fmt.Sprintf("refuse %s: the tarball's integrity is %s, not %s: it is not what was verified; fetch it again from the registry, and when it stays so, tell its author", r.Ref, r.Got, r.Want)
	}
	return fmt.Sprintf("refuse %s: its package.json says that it is %q: do not install it; ask its author for a version as `npm pack` makes it", r.Ref, r.Got)
}

// Refused tells that an error of [Store.Stage] is about the package itself: no retry
// will help. Any other leaves open whether the package is good.
func Refused(err error) bool {
	var own *Refusal
	var archive *tarball.Refusal
	return errors.As(err, &own) || errors.As(err, &archive)
}

// DamagedError is a staged plugin that is not as it was staged. Find it with
// [errors.As]. [Store.Stage] repairs it.
type DamagedError struct {
	Ref plugins.Ref
	// Folder is below the volume: where it was found.
	Folder string
	// Differences name every file; the path entry.json stands for the entry's own
	// list.
	Differences []tree.Difference
	// Kept is where [Store.Stage] has moved it, below the volume; "" while it is
	// still in its place, or when another process has replaced it meanwhile.
	Kept string
}

func (d *DamagedError) Error() string {
	return fmt.Sprintf("%s is damaged in %s: %s: stage it again", d.Ref, d.Folder, tree.Sentence(d.Differences))
}
