package generation

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Current is the current generation, "" when there was never one.
func (c *Collection) Current() (ID, error) {
	s, err := c.State()
	return s.Current(), err
}

// SetCurrent makes a generation current, once all of it has been hashed again. One
// that is damaged ([*DamagedError]) or not there ([ErrAbsent]) is refused, and the old
// one stays. What is current already, in the
// same portal, begins no new turn.
//
// portal says what the portal is besides these plugins, so that a failure in one
// portal says nothing of another; zero when it is always the same.
func (c *Collection) SetCurrent(ctx context.Context, id ID, portal Runs) (State, error) {
	found, err := c.Verify(ctx, id)
	if err == nil && len(found) > 0 {
		err = &DamagedError{id, found}
	}
	if err == nil {
		err = c.volume.Touch(id.path())
	}
	if err != nil {
		return State{}, fmt.Errorf("make %s current: %w", id, err)
	}
	s, err := c.change(ctx, func(s State) (State, error) {
		if s.Current() == id && s.History[len(s.History)-1].Portal.equal(portal) {
			return s, errNoChange
		}
		s.History = append(slices.Clone(s.History), Turn{Generation: id, Portal: portal, Since: c.volume.Now().UTC()})
		return s, nil
	})
	return c.settled(s, err, fmt.Sprintf("make %s current", id))
}

// Mark says what came of the newest turn of a generation. Of several marks the last
// one counts.
func (c *Collection) Mark(ctx context.Context, id ID, mark Mark, reason string) (State, error) {
	do := fmt.Sprintf("mark %s as %s", id, mark)
	if mark != Proved && mark != Failed {
		return State{}, fmt.Errorf("%s: unknown mark: want %s or %s", do, Proved, Failed)
	}
	s, err := c.change(ctx, func(s State) (State, error) {
		s.History = slices.Clone(s.History)
		for i := range slices.Backward(s.History) {
			turn := &s.History[i]
			if turn.Generation != id {
				continue
			}
			if turn.Mark == mark && turn.Reason == reason {
				return s, errNoChange
			}
			turn.Mark, turn.Reason, turn.Marked = mark, reason, c.volume.Now().UTC()
			return s, nil
		}
		return s, errors.New("it was never current")
	})
	return c.settled(s, err, do)
}

// errNoChange ends a change that is made already.
var errNoChange = errors.New("it is so already")

func (c *Collection) settled(s State, err error, do string) (State, error) {
	switch {
	case errors.Is(err, errNoChange):
		return c.State()
	case err != nil:
		return State{}, fmt.Errorf("%s: %w", do, err)
	}
	return s, nil
}
