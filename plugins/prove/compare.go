package prove

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gatehouse/plugins"
	"gatehouse/plugins/trail"
)

// Kind is what is wrong, in the order of urgency.
type Kind string

// The kinds of problems.
const (
	// NotStarted: Backstage is still starting. To ask again helps; nothing else does.
	NotStarted Kind = "not-started"
	// StartFailed: Backstage's start has failed, and its process goes on.
	StartFailed Kind = "start-failed"
	// OtherGeneration: the pod has another generation.
	OtherGeneration Kind = "other-generation"
	// Failed: Backstage could not load the plugin.
	Failed Kind = "failed"
	// Missing: Backstage has not found the plugin.
	Missing Kind = "missing"
	// OtherVersion: Backstage has another version of it.
	OtherVersion Kind = "other-version"
	// Unexpected: Backstage has a plugin that nobody wants.
	Unexpected Kind = "unexpected"
	// Twice: Backstage has found a plugin more than once.
	Twice Kind = "twice"
	// Unprovable: Backstage goes on when the plugin's start fails, so that whether it
	// runs cannot be told.
	Unprovable Kind = "unprovable"
)

var kinds = []Kind{NotStarted, StartFailed, OtherGeneration, Failed, Missing, OtherVersion, Unexpected, Twice, Unprovable}

// Problem is one way in which what is loaded is not what should be.
type Problem struct {
	Kind Kind `json:"kind"`
	// Plugin is the plugin's name, "" for what is about the whole Backstage.
	Plugin string `json:"plugin,omitempty"`
	// Text says it for people, in one line, without what looks like a secret.
	Text string `json:"text"`
}

func (p Problem) String() string { return p.Text }

// Compare holds what is loaded against what should be: exactly these plugins and the
// probe, of this generation ("" before the first). No problem is the proof. They come
// by kind and name; the order of want and of the answer does not count.
func Compare(want []plugins.Ref, generation string, got Loaded) []Problem {
	var found []Problem
	add := func(kind Kind, plugin, format string, args ...any) {
		found = append(found, Problem{kind, plugin, trail.Redact(fmt.Sprintf(format, args...))})
	}
	switch {
	case got.Failure != "":
		add(StartFailed, "", "Backstage's start has failed: %s", got.Failure)
	case !got.Started:
		add(NotStarted, "", "Backstage has not finished its start: ask again")
	}
	if got.Generation != generation {
		add(OtherGeneration, "", "the pod has %s, not %s: it was started before the switch, or after another",
			named(got.Generation), named(generation))
	}
	wanted := map[string]string{probe.Name: probe.Version}
	for _, ref := range want {
		wanted[ref.Name] = ref.Version
	}
	seen := map[string]bool{}
	for _, p := range got.Plugins {
		version, expected := wanted[p.Name]
		if seen[p.Name] {
			add(Twice, p.Name, "Backstage has found %s more than once, %s too: its folder holds two", p.Name, p.Version)
			continue
		}
		seen[p.Name] = true
		switch {
		case !expected:
			add(Unexpected, p.Name, "Backstage has %s@%s, which nobody has asked for", p.Name, p.Version)
		case p.Version != version:
			add(OtherVersion, p.Name, "Backstage has version %s of %s, not %s", p.Version, p.Name, version)
		}
		if p.Failure != "" {
			add(Failed, p.Name, "Backstage could not load %s@%s: %s", p.Name, p.Version, p.Failure)
		}
		if p.MayFail && p.Name != probe.Name {
			add(Unprovable, p.Name, "whether %s has started cannot be told: app-config lets Backstage go on without it; take \"continue\" out of backend.startup", p.Name)
		}
	}
	for name, version := range wanted {
		if !seen[name] {
			add(Missing, name, "Backstage has not found %s@%s: its package.json cannot be read, or has a role that is not loaded", name, version)
		}
	}
	slices.SortFunc(found, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
			strings.Compare(a.Plugin, b.Plugin), strings.Compare(a.Text, b.Text),
		)
	})
	return found
}

func named(generation string) string {
	if generation == "" {
		return "no generation"
	}
	return "generation " + generation
}
