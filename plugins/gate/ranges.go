package gate

import (
	"fmt"
	"regexp"
	"strings"

	"deps.dev/util/semver"
)

// nowhere are dependencies that only their author's machine, or another server
// than the registry, can serve.
var nowhere = regexp.MustCompile(`^(workspace|file|link|portal|patch|catalog|git|git\+[a-z]+|github|gitlab|bitbucket|https?|ssh):|^[\w.-]+/[\w.-]+$`)

// wanted splits a dependency as package.json writes it into the package and the
// range of it: "npm:other@^1" is another package.
func wanted(name, spec string) (string, string) {
	if alias, found := strings.CutPrefix(spec, "npm:"); found {
		if at := strings.LastIndex(alias, "@"); at > 0 {
			return alias[:at], alias[at+1:]
		}
		return alias, "*"
	}
	return name, spec
}

// satisfies tells whether a version is in an npm range, by npm's rules: a
// pre-release only where the range names one of the same version.
func satisfies(version, spec string) (bool, error) {
	spec = strings.TrimSpace(spec)
	if nowhere.MatchString(spec) {
		return false, fmt.Errorf("%q is no range of versions but a place that the registry does not serve", spec)
	}
	if spec == "" {
		spec = "*"
	}
	constraint, err := semver.NPM.ParseConstraint(spec)
	if err != nil {
		return false, fmt.Errorf("read the range %q: %w", spec, err)
	}
	v, err := semver.NPM.Parse(version)
	if err != nil {
		return false, fmt.Errorf("read the version %q: %w", version, err)
	}
	return constraint.MatchVersion(v), nil
}
