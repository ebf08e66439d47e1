package iampolicy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var statementID = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// rendered mirrors AWS's JSON; its field order is the order of the document.
type rendered struct {
	Version   string              `json:"Version"`
	Statement []renderedStatement `json:"Statement"`
}

type renderedStatement struct {
	Sid       string                         `json:"Sid"`
	Effect    Effect                         `json:"Effect"`
	Principal any                            `json:"Principal,omitempty"`
	Action    []string                       `json:"Action"`
	Resource  []string                       `json:"Resource,omitempty"`
	Condition map[string]map[string][]string `json:"Condition,omitempty"`
}

// JSON renders the document, or says which statement breaks which rule. Equal
// documents render to equal text.
func (d Document) JSON() (pulumi.StringOutput, error) {
	if err := d.check(); err != nil {
		return pulumi.StringOutput{}, err
	}
	inputs := pulumi.StringArray{}
	for _, s := range d.Statements {
		for _, p := range s.Principals {
			if p.Type != Everyone {
				inputs = append(inputs, p.ID)
			}
		}
		inputs = append(inputs, s.Resources...)
		for _, c := range s.Conditions {
			inputs = append(append(inputs, c.Variable), c.Values...)
		}
	}
	return inputs.ToStringArrayOutput().ApplyT(func(values []string) (string, error) {
		return d.render(values)
	}).(pulumi.StringOutput), nil
}

// render consumes values in the order in which JSON collected the inputs.
func (d Document) render(values []string) (string, error) {
	next := func() string { v := values[0]; values = values[1:]; return v }
	doc := rendered{Version: "2012-10-17"}
	for _, s := range d.Statements {
		out := renderedStatement{Sid: s.ID, Effect: s.Effect, Action: s.Actions}
		principals := map[PrincipalType][]string{}
		for _, p := range s.Principals {
			if p.Type == Everyone {
				out.Principal = "*"
				continue
			}
			principals[p.Type] = append(principals[p.Type], next())
		}
		if len(principals) > 0 {
			out.Principal = principals
		}
		for range s.Resources {
			out.Resource = append(out.Resource, next())
		}
		for _, c := range s.Conditions {
			if out.Condition == nil {
				out.Condition = map[string]map[string][]string{}
			}
			if out.Condition[c.Test] == nil {
				out.Condition[c.Test] = map[string][]string{}
			}
			variable := next()
			for range c.Values {
				out.Condition[c.Test][variable] = append(out.Condition[c.Test][variable], next())
			}
		}
		if err := wildcard(out); err != nil {
			return "", err
		}
		doc.Statement = append(doc.Statement, out)
	}
	text, err := json.Marshal(doc)
	return string(text), err
}

// wildcard refuses an Allow of every action of a service, or of all, on every
// resource. A resource policy's "*" is the resource that it is attached to, so
// only statements without principals are judged.
func wildcard(s renderedStatement) error {
	if s.Effect != Allow || s.Principal != nil {
		return nil
	}
	for _, r := range s.Resource {
		for _, a := range s.Action {
			if r == "*" && strings.HasSuffix(a, "*") {
				return fmt.Errorf("render policy statement %s: action %q on every resource; name the actions or the resources", s.Sid, a)
			}
		}
	}
	return nil
}

// check finds what is wrong before any value is known.
func (d Document) check() error {
	if len(d.Statements) == 0 {
		return fmt.Errorf("render policy: no statements")
	}
	seen := map[string]bool{}
	for _, s := range d.Statements {
		problem := ""
		switch {
		case !statementID.MatchString(s.ID):
			problem = "the ID must be letters and digits"
		case seen[s.ID]:
			problem = "the ID is used twice"
		case s.Effect != Allow && s.Effect != Deny:
			problem = "the effect must be Allow or Deny"
		case len(s.Actions) == 0:
			problem = "no actions"
		case d.Kind == Identity && len(s.Principals) > 0:
			problem = "an identity policy names no principals"
		case d.Kind != Identity && len(s.Principals) == 0:
			problem = "no principals"
		case d.Kind == Trust && len(s.Resources) > 0:
			problem = "a trust policy names no resources"
		case d.Kind != Trust && len(s.Resources) == 0:
			problem = "no resources"
		case d.Kind != Identity && s.Effect == Allow && everyone(s) && len(s.Conditions) == 0:
			problem = "everyone is allowed and no condition narrows it"
		}
		if problem != "" {
			return fmt.Errorf("render policy statement %q: %s", s.ID, problem)
		}
		seen[s.ID] = true
	}
	return nil
}

func everyone(s Statement) bool {
	for _, p := range s.Principals {
		if p.Type == Everyone {
			return true
		}
	}
	return false
}
