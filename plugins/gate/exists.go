package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gatehouse/plugins/npm"
)

var exists = step{
	name:    "exists",
	explain: "The registry has exactly this version, and its publisher has not deprecated it.",
	check:   checkExists,
}

func checkExists(_ context.Context, c *Case) finding {
	var f finding
	m, err := c.Manifest.Get()
	var version *npm.VersionNotFoundError
	switch {
	case errors.As(err, &version):
		remedy := "take a version that is there"
		if len(version.Nearest) > 0 {
			remedy = "take one that is there: " + strings.Join(version.Nearest, ", ")
		}
		f.never("unpublished", version.Error(), remedy)
		return f
	case errors.Is(err, npm.ErrNotFound):
		f.never("unpublished", fmt.Sprintf("there is no package %s: %v", c.Ref.Name, err), "correct the name, or give a token that may see it")
		return f
	case err != nil:
		return lacking("what the registry says", err, "see that the registry can be reached")
	case m.Ref != c.Ref:
		f.never("other", fmt.Sprintf("the registry answered with %s", short(m.Ref.String())), "do not use this registry")
		return f
	}
	if m.Deprecated != "" {
		f.refuse("deprecated", fmt.Sprintf("its publisher says that it is deprecated: %q", short(m.Deprecated)), "take the version or the package that the message names")
	}
	f.looked = []string{"the registry has it"}
	if !m.Published.IsZero() {
		f.looked = []string{"published on " + m.Published.UTC().Format(time.DateOnly)}
	}
	return f
}
