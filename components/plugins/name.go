package plugins

import (
	"strings"

	"gatehouse/components/component"
)

// maxJob is how long a Job's name may be: its pods have it as a label.
const maxJob = 63

// StageName is the name of the Job that stages a plugin:
// plugin-stage-PLUGIN-HASH. hash is that of everything that matters to it. What
// no name of Kubernetes may have in it is a dash; plugins whose names then are
// alike have different hashes all the same, since the name matters too.
func StageName(plugin, hash string) string {
	const prefix = "plugin-stage-"
	slug := component.Name(maxJob-len(prefix)-len("-")-len(hash), slug(plugin))
	return prefix + slug + "-" + hash
}

// AssembleName is the name of the Job that puts all plugins together:
// plugin-assemble-HASH.
func AssembleName(hash string) string { return "plugin-" + assemble.command + "-" + hash }

// ActivateName is that of the switch.
func ActivateName(hash string) string { return "plugin-" + activate.command + "-" + hash }

// BuildName is that of the rebuilt image.
func BuildName(hash string) string { return "plugin-" + build.command + "-" + hash }

// slug is an npm name of lower-case letters, digits and single dashes alone.
func slug(plugin string) string {
	words := strings.FieldsFunc(strings.ToLower(plugin), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "-")
}
