package report

import "regexp"

var item = regexp.MustCompile(`^[A-Z][A-Z0-9]*-[0-9]+$`)

// IsItem tells whether a name is the ID of an item of the readiness checklist,
// such as DB-3, rather than that of a policy rule: waivers know both.
func IsItem(name string) bool { return item.MatchString(name) }
