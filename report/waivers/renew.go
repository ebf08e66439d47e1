package waivers

import (
	"fmt"
	"slices"

	"gatehouse/report"
	"gatehouse/report/listfile"
)

// Renew is [Append] of one waiver that takes the place of an earlier one: of the
// same rule, resource and environments, which expires before it. Replaced is
// that one, nil when there is none. What was said stays in the file's history.
func Renew(content []byte, w report.Waiver) (out []byte, replaced *report.Waiver, err error) {
	before, err := Parse(FileName, content)
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(before, func(old report.Waiver) bool {
		return old.Rule == w.Rule && old.Resource == w.Resource && old.Expires < w.Expires &&
			slices.Equal(slices.Sorted(slices.Values(old.Environments)), slices.Sorted(slices.Values(w.Environments)))
	})
	if at >= 0 {
		replaced = &before[at]
		if content, err = listfile.Cut(content, replaced.Line, replaced.EndLine); err != nil {
			return nil, nil, fmt.Errorf("renew the waiver: %w", err)
		}
		// The text was cut, not the tree: see that only this one is gone.
		after, err := Parse(FileName, content)
		if err != nil || len(after) != len(before)-1 {
			return nil, nil, fmt.Errorf("renew the waiver: %s is written in an unusual way; take line %d out by hand", FileName, replaced.Line)
		}
	}
	out, err = Append(content, []report.Waiver{w})
	if err != nil {
		return nil, nil, err
	}
	return out, replaced, nil
}
