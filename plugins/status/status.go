// Package status is what everybody may know of the portal's plugins: which generation
// it has, how far it is, what was good last and what failed last. It is the ConfigMap
// that `kubectl get configmap backstage-plugins` shows.
//
// It only tells. Which generation is current is decided by plugins/generation's state
// on the volume, and what happened is in the audit trail, plugins/trail's.
package status

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gatehouse/plugins"
	"gatehouse/plugins/trail"
)

// Phase is how far the portal is with its newest generation.
type Phase string

// The phases.
const (
	// Staging: plugins are judged and brought to the volume.
	Staging Phase = "staging"
	// Assembling: they are put together into a generation.
	Assembling Phase = "assembling"
	// Switching: the portal's pods are replaced.
	Switching Phase = "switching"
	// Proving: the new pods are asked what they have loaded.
	Proving Phase = "proving"
	// Proved: they have loaded exactly what they should.
	Proved Phase = "proved"
	// RolledBack: they have not, and the last good generation is back and proved.
	RolledBack Phase = "rolled-back"
	// Stopped: going back has failed too, and a person is needed.
	Stopped Phase = "stopped"
)

// Phases is every phase.
var Phases = []Phase{Staging, Assembling, Switching, Proving, Proved, RolledBack, Stopped}

// State is how far one plugin is.
type State string

// The states.
const (
	// Pending: configuration wants it, and it is not on the volume yet.
	Pending State = "pending"
	// Staged: the gate has let it in, and it is on the volume.
	Staged State = "staged"
	// Refused: the gate has not.
	Refused State = "refused"
	// Loaded: the portal has loaded it, by its own word.
	Loaded State = "loaded"
	// Failed: the portal has not.
	Failed State = "failed"
)

// States is every state.
var States = []State{Pending, Staged, Refused, Loaded, Failed}

// Plugin is one plugin that configuration wants.
type Plugin struct {
	plugins.Ref
	// Integrity is what its tarball is.
	Integrity plugins.Integrity `json:"integrity"`
	// Strategy is how it reaches the portal.
	Strategy plugins.Strategy `json:"strategy"`
	// State is how far it is.
	State State `json:"state"`
	// Reason says why, "" when there is nothing to say.
	Reason string `json:"reason,omitempty"`
}

// Good is a generation that was proved.
type Good struct {
	// Generation is its name, "" as long as none was proved.
	Generation string `json:"generation"`
	// Request is the whole request that made it, as JSON; null as long as none was.
	Request json.RawMessage `json:"request"`
}

// Failure is a generation that failed.
type Failure struct {
	// Generation is its name, "" as long as none failed.
	Generation string `json:"generation"`
	// Reason says why.
	Reason string `json:"reason"`
	// Time is when that was known, in UTC to the second; year 1 as long as none failed.
	Time time.Time `json:"time"`
}

// Check is the last time that everything was looked at again, which happens nightly.
type Check struct {
	// Time is when, in UTC to the second; year 1 as long as nobody has looked since the
	// phase began.
	Time time.Time `json:"time"`
	// Problem is what was not as it had been proved, "" when all was.
	Problem string `json:"problem"`
}

// Status is what is known. The zero value is that of a portal which never had a
// plugin. It has no secrets: [Store.Update] takes out what looks like one.
type Status struct {
	// Generation is the one that the portal has or is about to have, "" for none.
	Generation string `json:"generation"`
	// Phase is how far it is, "" when there was never one.
	Phase Phase `json:"phase"`
	// Since is when the phase began, in UTC to the second; year 1 when there is none.
	Since time.Time `json:"since"`
	// Plugins are all that configuration wants, by name.
	Plugins []Plugin `json:"plugins"`
	// LastGood is the last generation that was proved, which may be this one.
	LastGood Good `json:"lastGood"`
	// Failure is the last one that failed. It stays until the next fails.
	Failure Failure `json:"failure"`
	// Check is the last look at what was proved.
	Check Check `json:"check"`
	// TrailHead is the audit trail's head when this was written, so that a trail
	// whose end was cut off shows.
	TrailHead trail.Head `json:"trailHead"`
}

// Proved says that the portal was proved to have its generation, and was not found to
// have another since. How the last attempt to give it another ended does not matter: a
// portal that went back has what it went back to.
func (s Status) Proved() bool {
	return (s.Phase == Proved || s.Phase == RolledBack) && s.Check.Problem == ""
}

// longest is how many characters of a reason are kept. What is longer is in the
// audit trail.
const longest = 1000

// settled is the status as it is written: in order, in UTC, without secrets.
func (s Status) settled() (Status, error) {
	s.Since, s.Failure.Time, s.Check.Time = utc(s.Since), utc(s.Failure.Time), utc(s.Check.Time)
	s.Failure.Reason, s.Check.Problem = brief(s.Failure.Reason), brief(s.Check.Problem)
	s.Plugins = slices.Clone(s.Plugins)
	if s.Plugins == nil {
		s.Plugins = []Plugin{} // a reader may rely on a list
	}
	for i := range s.Plugins {
		s.Plugins[i].Reason = brief(s.Plugins[i].Reason)
	}
	slices.SortFunc(s.Plugins, func(a, b Plugin) int { return cmp.Compare(a.Name, b.Name) })
	var err error
	if s.LastGood.Request, err = redactJSON(s.LastGood.Request); err != nil {
		return s, fmt.Errorf("the request of the last good generation is no JSON: %w", err)
	}
	return s, s.check()
}

func utc(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

func brief(text string) string {
	text = redact(text)
	if all := []rune(text); len(all) > longest {
		return string(all[:longest]) + "…"
	}
	return text
}

// check says what is wrong with a status.
func (s Status) check() error {
	if (s.Phase != "" || s.Generation != "") && !slices.Contains(Phases, s.Phase) {
		return fmt.Errorf("unknown phase %q", s.Phase)
	}
	for i, p := range s.Plugins {
		if err := p.Check(); err != nil {
			return err
		}
		if i > 0 && s.Plugins[i-1].Name == p.Name {
			return fmt.Errorf("plugin %s is there twice", p.Name)
		}
		if _, err := plugins.ParseStrategy(string(p.Strategy)); err != nil {
			return fmt.Errorf("plugin %s: %w", p.Name, err)
		}
		if !slices.Contains(States, p.State) {
			return fmt.Errorf("plugin %s: unknown state %q", p.Name, p.State)
		}
	}
	return nil
}
