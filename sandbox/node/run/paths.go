package run

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
)

// paths maps the folders that a container sees to those of this machine, the
// longest first.
type paths []mapping

type mapping struct{ from, to string }

func newPaths(folders map[string]string) paths {
	var p paths
	for from, to := range folders {
		p = append(p, mapping{path.Clean(from), to})
	}
	slices.SortFunc(p, func(a, b mapping) int {
		return cmp.Or(cmp.Compare(len(b.from), len(a.from)), cmp.Compare(a.from, b.from))
	})
	return p
}

// path maps one path. ok is false when it is in no mapped folder.
func (p paths) path(name string) (_ string, ok bool) {
	for _, m := range p {
		if rest, inside := strings.CutPrefix(name, m.from); inside && (rest == "" || rest[0] == '/' || m.from == "/") {
			return m.to + rest, true
		}
	}
	return name, false
}

// value maps a value that is a path, a list of paths with colons between, or a path
// as a JSON string (Backstage's APP_CONFIG_ variables). Any other stays as it is.
func (p paths) value(text string) string {
	if unquoted, err := strconv.Unquote(text); err == nil && strings.HasPrefix(text, `"/`) {
		if mapped, ok := p.path(unquoted); ok {
			return strconv.Quote(mapped)
		}
		return text
	}
	if !strings.HasPrefix(text, "/") {
		return text
	}
	parts := strings.Split(text, ":")
	for i := range parts {
		parts[i], _ = p.path(parts[i])
	}
	return strings.Join(parts, ":")
}

// argument maps an argument, also the value of --FLAG=VALUE.
func (p paths) argument(text string) string {
	if flag, value, found := strings.Cut(text, "="); found && strings.HasPrefix(flag, "-") {
		return flag + "=" + p.value(value)
	}
	return p.value(text)
}
