package access

import (
	"errors"
	"fmt"
	"slices"
)

// check refuses rules that reach further than they say.
func check(all []Rule) error {
	if len(all) == 0 {
		return errors.New("give it rules: it allows nothing")
	}
	var wrong []error
	for _, rule := range all {
		wrong = append(wrong, rule.check())
	}
	return errors.Join(wrong...)
}

// The verbs by what Kubernetes can narrow to names: those of one object; those
// of many, which show all that there is; and create, whose object has no name
// yet.
var (
	ofOne  = []string{"get", "update", "patch", "delete"}
	ofMany = []string{"list", "watch"}
)

// unnamed tells whether objects may be read that nobody can name.
func (r Rule) unnamed() bool {
	holds := func(resource string) bool { return resource == "secrets" || resource == "configmaps" }
	return r.Unnamed != "" && len(r.Names) == 0 && !slices.ContainsFunc(r.Resources, holds)
}

func (r Rule) check() error {
	if len(r.Resources) == 0 || len(r.Verbs) == 0 {
		return errors.New("name the resources and the verbs of every rule")
	}
	var wrong []error
	for _, text := range slices.Concat([]string{r.Group}, r.Resources, r.Names, r.Verbs) {
		if text == "*" {
			wrong = append(wrong, fmt.Errorf("name what %v may be done to %v: a wildcard allows what nobody thought of", r.Verbs, r.Resources))
		}
	}
	for _, verb := range r.Verbs {
		one, many := slices.Contains(ofOne, verb), slices.Contains(ofMany, verb)
		switch {
		case verb == "*":
		case !one && !many && verb != "create":
			wrong = append(wrong, fmt.Errorf("allow get, list, watch, create, update, patch or delete, not %q", verb))
		case verb == "get" && r.unnamed():
		case one && len(r.Names) == 0:
			wrong = append(wrong, fmt.Errorf("name the %v that may be reached by %s", r.Resources, verb))
		case verb == "create" && len(r.Names) > 0:
			wrong = append(wrong, fmt.Errorf("put create of %v in a rule without names: Kubernetes does not know the name yet", r.Resources))
		case many && slices.Contains(r.Resources, "secrets"):
			wrong = append(wrong, fmt.Errorf("allow no %s of secrets: it shows every value", verb))
		}
	}
	return errors.Join(wrong...)
}
