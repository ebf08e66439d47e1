package config

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// validator checks a decoded configuration as a whole. Each concern has a
// file of its own; a rule looks only at values that were read without a
// mistake, so that one slip gives one message.
type validator struct {
	*decoder
	Document
	now time.Time
	// unread are the paths that could not be decoded.
	unread []string
}

// validate adds the problems of the whole configuration.
func (d *decoder) validate(document Document, stack string, now time.Time) {
	v := validator{decoder: d, Document: document, now: now, unread: slices.Clone(d.misspelt)}
	for _, p := range d.problems {
		v.unread = append(v.unread, p.path)
	}
	v.stack(stack)
	v.environment()
	v.foundation()
	v.network()
	v.vpn()
	v.edge()
	v.postgres()
	v.redis()
	v.backup()
	v.cluster()
	v.nodeGroups()
	v.platform()
	v.portal()
	v.monitoring()
	v.backupJobs()
	v.readiness()
	v.sandbox()
}

// readable says that all of the paths were read without a mistake.
func (v validator) readable(paths ...string) bool {
	for _, path := range paths {
		broken := func(unread string) bool {
			return unread != "" && (within(path, unread) || within(unread, path))
		}
		if slices.ContainsFunc(v.unread, broken) {
			return false
		}
	}
	return true
}

// refuse reports a value that breaks a rule.
func (v validator) refuse(path, format string, args ...any) { v.addf(path, format, args...) }

// warn reports what will become a mistake.
func (v validator) warn(path, format string, args ...any) {
	v.add(problem{path: path, message: fmt.Sprintf(format, args...), warning: true})
}

// production says that the rules for production hold.
func (v validator) production() bool {
	return v.readable("environment.tier") && v.Config.Environment.Tier == Production
}

// line names the line of a path, for messages about two places.
func (v validator) line(path string) string {
	if place, ok := v.where[path]; ok && place.line > 0 {
		return fmt.Sprintf(" (line %d)", place.line)
	}
	return ""
}

var stackPattern = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$`)

// stack checks the name that every physical name begins with; AWS allows 32
// characters for the shortest of them (load balancers, target groups).
func (v validator) stack(name string) {
	if name != "" && !stackPattern.MatchString(name) {
		v.refuse("", "the stack's name %s must have at most 20 characters of a-z, 0-9 and -, begin with a letter and not end with -: it begins the names of resources", quote(name))
	}
}
