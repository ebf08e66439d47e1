package trail

import (
	"fmt"
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// What a record may have, in bytes and in list items.
const (
	maxActor  = 256
	maxReason = 4096
	maxList   = 100
)

// words are names of steps, verdicts and generations.
var words = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// about are the rules of each action: whether it is about one plugin, and the
// only outcome it may have ("" for any).
var about = map[Action]struct {
	plugin bool
	only   Outcome
}{
	VerifyPlugin: {plugin: true},
	Install:      {plugin: true},
	Upgrade:      {plugin: true},
	Uninstall:    {plugin: true},
	Rollback:     {},
	Refuse:       {plugin: true, only: Refused},
	Prove:        {},
	Fail:         {only: Failed},
}

// Check says what is wrong with what the record tells. Its place in the chain is
// [Verify]'s.
func (r Record) Check() error {
	if err := r.checkEvent(); err != nil {
		return err
	}
	if r.Plugin != nil {
		if err := r.Plugin.Check(); err != nil {
			return fmt.Errorf("plugin: %w", err)
		}
	}
	if err := checkText("actor", r.Actor, maxActor); err != nil {
		return err
	}
	if err := checkText("reason", r.Reason, maxReason); err != nil {
		return err
	}
	if r.Generation != "" && !words.MatchString(r.Generation) {
		return fmt.Errorf("generation: %q is no name of one", short(r.Generation))
	}
	if len(r.Exceptions) > maxList || r.Gate != nil && len(r.Gate.Steps) > maxList {
		return fmt.Errorf("exceptions and gate steps: want at most %d", maxList)
	}
	for _, e := range r.Exceptions {
		if !words.MatchString(e.Step) || e.Reason == "" {
			return fmt.Errorf("exceptions: want the gate's step and a reason, not %q and %q", short(e.Step), short(e.Reason))
		}
		if err := checkText("exceptions: reason", e.Reason, maxReason); err != nil {
			return err
		}
	}
	if r.Gate != nil {
		for _, s := range r.Gate.Steps {
			if !words.MatchString(s.Name) || !words.MatchString(s.Verdict) {
				return fmt.Errorf("gate: want a step's name and verdict, not %q and %q", short(s.Name), short(s.Verdict))
			}
		}
	}
	return nil
}

func (r Record) checkEvent() error {
	rules, known := about[r.Action]
	switch {
	case !known:
		return fmt.Errorf("action: %q is none; want one of %q", short(string(r.Action)), Actions)
	case !slices.Contains(Outcomes, r.Outcome):
		return fmt.Errorf("outcome: %q is none; want one of %q", short(string(r.Outcome)), Outcomes)
	case rules.only != "" && r.Outcome != rules.only:
		return fmt.Errorf("outcome: %q ends with %q, not with %q", r.Action, rules.only, r.Outcome)
	case rules.plugin && r.Plugin == nil:
		return fmt.Errorf("plugin: %q is about one; name it", r.Action)
	case r.Plugin == nil && r.Generation == "":
		return fmt.Errorf("plugin and generation: %q is about neither; name one", r.Action)
	case r.Actor == "":
		return fmt.Errorf("actor: say who did it")
	case r.Time.Year() < 2000 || r.Time.Year() > 9999:
		return fmt.Errorf("time: %s is none of an event", r.Time.Format("2006-01-02"))
	}
	return nil
}

func checkText(field, text string, limit int) error {
	switch {
	case len(text) > limit:
		return fmt.Errorf("%s: it has %d bytes, want at most %d", field, len(text), limit)
	case !utf8.ValidString(text):
		return fmt.Errorf("%s: it is no UTF-8", field)
	}
	for _, r := range text {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return fmt.Errorf("%s: it has a character that is not seen (%U)", field, r)
		}
	}
	return nil
}
