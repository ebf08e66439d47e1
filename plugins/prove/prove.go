// Package prove asks a running Backstage which plugins it has loaded, and holds that
// against what it should have. Readiness proves nothing: Backstage answers 200 with a
// plugin missing.
//
// The answer comes from the probe, a plugin of ours in every generation
// (plugins/prove/probe). It injects the service that loads plugins
// (@backstage/backend-dynamic-feature-service, dynamicPluginsServiceRef) and serves
// what that says, failures too, on a port of its own (PLUGIN_PROBE_LISTEN, by default
// :7010): at /v1/plugins as JSON ([Loaded]), at /v1/packages?name=NAME which packages
// the portal's own program finds ([Packages]), at /metrics for Prometheus.
//
// A plugin that throws when it is required is in the answer, with its failure. One
// that throws in its init ends Backstage's start: where the portal's program ends
// then, nobody answers any more and the pod's log has the reason; where it stays, as
// the program of Backstage's own template does, readiness is never 200 and the answer
// has the reason.
//
// Which pods are to be asked is plugins/rollout's, what comes of the proof
// plugins/install's.
package prove

import (
	"embed"
	"encoding/json"
	"io/fs"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
)

//go:embed probe
var files embed.FS

// probe is made once: what is embedded cannot change.
var probe = mustProbe()

// Probe is the plugin that every generation has, so that it can be proved.
func Probe() generation.Extra { return probe }

func mustProbe() generation.Extra {
	below, err := fs.Sub(files, "probe")
	if err != nil {
		panic(err) // the folder is embedded
	}
	text, err := fs.ReadFile(below, "package.json")
	if err != nil {
		panic(err)
	}
	var ref plugins.Ref
	if err := json.Unmarshal(text, &ref); err != nil {
		panic(err) // a test reads it too
	}
	return generation.Extra{Ref: ref, Files: below}
}
