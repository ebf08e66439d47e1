package generation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strconv"
	"time"

	"gatehouse/plugins/store/volume"
)

const (
	currentName = "current"
	states      = "states"
)

// turns is how many turns the history keeps; the states that come before are in the
// folder states/ until garbage is collected, and the audit trail has all.
const turns = 500

// Mark is what came of a generation.
type Mark string

// The marks. The zero value is none: nobody knows yet.
const (
	// Proved: Backstage said that it has loaded exactly this.
	Proved Mark = "proved"
	// Failed: it did not.
	Failed Mark = "failed"
)

// Runs is what a portal runs besides the plugins of a generation.
type Runs struct {
	// Workload is what configuration says that it runs, "" when nobody said.
	Workload string `json:"workload,omitempty"`
	// Images are those that were built for it, by container.
	Images map[string]string `json:"images,omitempty"`
}

func (r Runs) equal(other Runs) bool {
	return r.Workload == other.Workload && maps.Equal(r.Images, other.Images)
}

// Turn is one time that a generation was current.
type Turn struct {
	Generation ID `json:"generation"`
	// Portal is what the portal was besides these plugins.
	Portal Runs `json:"portal,omitzero"`
	// Since is when it became current, in UTC. The next turn is its end.
	Since time.Time `json:"since"`
	// Mark is what came of it, "" as long as nobody knows.
	Mark Mark `json:"mark,omitempty"`
	// Marked is when that was known.
	Marked time.Time `json:"marked,omitzero"`
	// Reason is why it failed, or what proved it.
	Reason string `json:"reason,omitempty"`
}

// State is which generation is current, and what was before. It is made only by the
// methods of [Collection]; the zero value is that of an empty volume.
type State struct {
	// Revision counts the changes.
	Revision int `json:"revision"`
	// History has every turn, oldest first; the last one is current. Of more than 500
	// the oldest are gone, but never the last that was proved.
	History []Turn `json:"history"`
}

// Current is the current generation, "" when there was never one.
func (s State) Current() ID {
	if len(s.History) == 0 {
		return ""
	}
	return s.History[len(s.History)-1].Generation
}

// LastGood is the generation of the newest turn that was proved, "" when there is
// none. It may be the current one.
func (s State) LastGood() ID {
	for i := len(s.History) - 1; i >= 0; i-- {
		if s.History[i].Mark == Proved {
			return s.History[i].Generation
		}
	}
	return ""
}

// LastGoodBut is the newest turn that was proved with another generation, or with
// other images; found is false when there is none.
func (s State) LastGoodBut(id ID, images map[string]string) (turn Turn, found bool) {
	for i := len(s.History) - 1; i >= 0; i-- {
		turn := s.History[i]
		if turn.Mark == Proved && (turn.Generation != id || !maps.Equal(turn.Portal.Images, images)) {
			return turn, true
		}
	}
	return Turn{}, false
}

// Failures is how often a generation has failed in one portal since it was last
// proved there, and why the last time.
func (s State) Failures(id ID, portal Runs) (times int, reason string) {
	for i := len(s.History) - 1; i >= 0; i-- {
		turn := s.History[i]
		if turn.Generation != id || !turn.Portal.equal(portal) {
			continue
		}
		if turn.Mark == Proved {
			break
		}
		if turn.Mark == Failed {
			if times++; times == 1 {
				reason = turn.Reason
			}
		}
	}
	return times, reason
}

// State reads the state. A file that cannot be read as one is an error: nobody may
// guess which generation is current.
//
// A change counts from the moment that its file is in states/, and the file current
// follows; so a process that ends between the two has made the change, and nothing
// has to be repaired.
func (c *Collection) State() (State, error) {
	s, err := c.load(currentName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return State{}, err
	}
	for {
		next, err := c.load(revision(s.Revision + 1))
		if errors.Is(err, fs.ErrNotExist) {
			return s, nil
		}
		if err != nil {
			return State{}, err
		}
		if next.Revision != s.Revision+1 {
			return State{}, fmt.Errorf("read the state: %s says that it is revision %d: put the right file back", revision(s.Revision+1), next.Revision)
		}
		s = next
	}
}

func revision(number int) string { return path.Join(states, strconv.Itoa(number)+".json") }

func (c *Collection) load(name string) (s State, err error) {
	text, err := c.volume.Root().ReadFile(name)
	if err != nil {
		return State{}, volume.Explain("read the state", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return State{}, fmt.Errorf("read the state: %s: %w: put the newest file of %s/ in its place", name, err, states)
	}
	if s.Revision < 1 || len(s.History) == 0 {
		return State{}, fmt.Errorf("read the state: %s has no revision or no history: put the newest file of %s/ in its place", name, states)
	}
	for _, turn := range s.History {
		if _, err := ParseID(string(turn.Generation)); err != nil {
			return State{}, fmt.Errorf("read the state: %s: %w", name, err)
		}
		if turn.Mark != "" && turn.Mark != Proved && turn.Mark != Failed {
			return State{}, fmt.Errorf("read the state: %s: unknown mark %q: %s or %s", name, turn.Mark, Proved, Failed)
		}
	}
	return s, nil
}

// change applies a change to the newest state. Of two at once both are made, one on
// top of the other: the name of a revision can be taken only once.
func (c *Collection) change(ctx context.Context, apply func(State) (State, error)) (State, error) {
	for {
		if err := ctx.Err(); err != nil {
			return State{}, err
		}
		old, err := c.State()
		if err != nil {
			return State{}, err
		}
		s, err := apply(old)
		if err != nil {
			return State{}, err
		}
		s.Revision = old.Revision + 1
		s.History = trim(s.History)
		text, err := json.MarshalIndent(s, "", " ")
		if err != nil {
			return State{}, err
		}
		text = append(text, '\n')
		won, err := c.volume.Create(revision(s.Revision), text)
		if err != nil {
			return State{}, err
		}
		if won {
			return s, c.volume.Replace(currentName, text)
		}
	}
}

// trim forgets the oldest turns, but not the last that was proved.
func trim(history []Turn) []Turn {
	over := len(history) - turns
	if over <= 0 {
		return history
	}
	kept := history[over:]
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].Mark == Proved {
			if i < over {
				kept = append([]Turn{history[i]}, kept[1:]...)
			}
			break
		}
	}
	return kept
}
