package gate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gatehouse/plugins"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/licence"
)

// maxPolicy is far above any real policy, in bytes.
const maxPolicy = 1 << 20

// unknownKey is how the YAML library names a key that the policy has not.
var unknownKey = regexp.MustCompile(`field (\S+) not found in type \S+`)

// ParsePolicy reads a policy strictly over [DefaultPolicy]: an unknown key, a wrong
// type or a contradiction is an error with its line. What it leaves out has the
// default; an empty file is the default.
func ParsePolicy(r io.Reader) (Policy, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxPolicy+1))
	if err != nil {
		return Policy{}, fmt.Errorf("read the plugin policy: %w", err)
	}
	if len(content) > maxPolicy {
		return Policy{}, fmt.Errorf("read the plugin policy: more than %d bytes", maxPolicy)
	}
	policy := DefaultPolicy()
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	switch err := decoder.Decode(&policy); {
	case errors.Is(err, io.EOF):
		return DefaultPolicy(), nil
	case err != nil:
		return Policy{}, fmt.Errorf("read the plugin policy: %s", unknownKey.ReplaceAllString(err.Error(), `unknown key "$1"`))
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return Policy{}, errors.New("read the plugin policy: a second document follows: keep one")
	}
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return Policy{}, fmt.Errorf("read the plugin policy: %w", err)
	}
	if place, err := policy.check(); err != nil {
		return Policy{}, fmt.Errorf("read the plugin policy: line %d: %s: %w", line(&root, place), strings.Join(place, "."), err)
	}
	return policy, nil
}

// Check says what is wrong with a policy that was not read from a file.
func (p Policy) Check() error {
	if place, err := p.check(); err != nil {
		return fmt.Errorf("check the plugin policy: %s: %w", strings.Join(place, "."), err)
	}
	return nil
}

func (p Policy) check() (place []string, err error) {
	if _, err := licence.NewList(p.Licences.Allow); err != nil {
		return []string{"licences", "allow"}, err
	}
	if p.Vulnerabilities.RefuseFrom < advisory.Low || p.Vulnerabilities.RefuseFrom > advisory.Critical {
		return []string{"vulnerabilities", "refuseFrom"}, errors.New("want low, medium, high or critical")
	}
	if p.Vulnerabilities.MaxAge <= 0 {
		return []string{"vulnerabilities", "maxAge"}, errors.New("want a time above 0, such as 168h")
	}
	for _, limit := range []struct {
		name  string
		value int64
	}{
		{"packed", p.Limits.Packed},
		{"unpacked", p.Limits.Unpacked},
		{"files", int64(p.Limits.Files)},
		{"path", int64(p.Limits.Path)},
	} {
		if limit.value <= 0 {
			return []string{"limits", limit.name}, errors.New("want a number above 0")
		}
	}
	if err := p.Provenance.check(); err != nil {
		return []string{"provenance"}, err
	}
	for _, name := range slices.Sorted(maps.Keys(p.Plugins)) {
		override := p.Plugins[name]
		if err := (plugins.Ref{Name: name, Version: "1.0.0"}).Check(); err != nil {
			return []string{"plugins", name}, err
		}
		if override.Provenance != nil {
			err := override.Provenance.check()
			if !override.Provenance.Required {
				err = errors.New("one plugin can only want more: set required: true, or accept unattested of the step provenance with a reason")
			}
			if err != nil {
				return []string{"plugins", name, "provenance"}, err
			}
		}
		for i, exception := range override.Accept {
			if err := exception.check(name); err != nil {
				return []string{"plugins", name, "accept", fmt.Sprint(i)}, err
			}
		}
	}
	return nil, nil
}

func (r ProvenanceRule) check() error {
	if !r.Required && len(r.Builders)+len(r.Repositories) > 0 {
		return errors.New("builders or repositories are named but nothing is required: set required: true")
	}
	if slices.Contains(r.Builders, "") || slices.Contains(r.Repositories, "") {
		return errors.New("an empty builder or repository: write the whole one")
	}
	return nil
}

func (e Exception) check(name string) error {
	switch {
	case !slices.Contains(Names(), e.Step):
		return fmt.Errorf("unknown step %q: one of %s", e.Step, strings.Join(Names(), ", "))
	case e.ID == "":
		return errors.New("id is missing: the step's remedy names it")
	case strings.TrimSpace(e.Reason) == "":
		return errors.New("reason is missing: the audit trail keeps why")
	case e.Expires.start.IsZero():
		return errors.New("expires is missing: the last day on which it counts, such as 2027-02-01")
	case e.Version != "":
		return plugins.Ref{Name: name, Version: e.Version}.Check()
	}
	return nil
}

// line is where a key of the document begins, or its nearest parent.
func line(node *yaml.Node, place []string) int {
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	at := node.Line
	for _, name := range place {
		var next *yaml.Node
		switch node.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(node.Content); i += 2 {
				if node.Content[i].Value == name {
					next, at = node.Content[i+1], node.Content[i].Line
				}
			}
		case yaml.SequenceNode:
			for i, each := range node.Content {
				if fmt.Sprint(i) == name {
					next, at = each, each.Line
				}
			}
		}
		if next == nil {
			return at
		}
		node = next
	}
	return at
}
