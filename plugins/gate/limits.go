package gate

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/plugins/tarball"
)

var limits = step{
	name:    "limits",
	explain: "The tarball can be unpacked safely, and is within the policy's sizes and numbers.",
	check:   checkLimits,
}

// seeLimits is the remedy of the steps that need the tarball.
const seeLimits = "see the step limits for why the tarball cannot be read"

func checkLimits(_ context.Context, c *Case) finding {
	var f finding
	listing, err := c.Tarball.Get()
	var refusal *tarball.Refusal
	switch {
	case errors.As(err, &refusal):
		f.never(string(refusal.Reason), refusal.Error(), refusal.Reason.Advice())
		return f
	case err != nil:
		return lacking("the tarball", err, "fetch it again")
	}
	most := c.Policy.Limits
	const remedy = "take a smaller one, or raise the limit in the policy when it really needs that much"
	for _, each := range []struct {
		id, text    string
		have, limit int64
	}{
		{"packed", "the tarball has %d bytes, more than %d", listing.Size, most.Packed},
		{"unpacked", "its files have %d bytes, more than %d", listing.Unpacked, most.Unpacked},
		{"files", "it has %d files, more than %d", int64(len(listing.Files)), int64(most.Files)},
	} {
		if each.have > each.limit {
			f.refuse(each.id, fmt.Sprintf(each.text, each.have, each.limit), remedy)
		}
	}
	for _, file := range listing.Files {
		if len(file.Path) > most.Path {
			f.refuse("path", fmt.Sprintf("the path %q has %d bytes, more than %d", file.Path, len(file.Path), most.Path), remedy)
			break
		}
	}
	if len(listing.Files) == 0 {
		f.never("empty", "it has no file", "ask its author for a version that is built")
	}
	f.looked = []string{fmt.Sprintf("%d files, %d bytes packed, %d unpacked", len(listing.Files), listing.Size, listing.Unpacked)}
	return f
}
