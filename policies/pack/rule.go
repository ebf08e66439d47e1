package pack

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"gatehouse/report"
)

// Rule is a rule that is compiled, with what its METADATA says.
type Rule struct {
	report.Rule
	// File is the module's name below the folder of rules.
	File string
	// Package refers to the rule's package: data.gatehouse.aws.rds.multi_az.
	Package ast.Ref
	// Part is the part of the pack that it is compiled with: aws, kubernetes,
	// graph, or another first word of packages.
	Part string
	// Graph rules judge all resources of a stack together.
	Graph bool
	// Subjects are the types that a graph rule judges; ResourceTypes has those
	// that it looks at too.
	Subjects []string
	// Reads are the properties that the rule looks at, by pattern of type.
	Reads []Read
	// Silent is whether the METADATA does not say what the rule reads, so that it
	// may be everything.
	Silent bool
	// Unless is the parameter that must be empty for the names among Reads to be
	// such: otherwise the rule compares them with it; "" for none.
	Unless string
	// Remedies is whether the rule knows a safe value.
	Remedies bool
	// Parameters by name, with their JSON Schema.
	Parameters map[string]Parameter
}

// Parameter is a value that an environment may set: its JSON Schema, with
// "default" and "description".
type Parameter map[string]any

// newRule reads a module; it is none when the module holds helpers.
func newRule(file string, module *ast.Module) (Rule, bool, error) {
	words, err := packageOf(module)
	if err != nil {
		return Rule{}, false, err
	}
	if words[0] == lib {
		return Rule{}, false, nil
	}
	r := Rule{File: file, Package: module.Package.Path, Part: words[0], Graph: words[0] == "graph"}
	r.ID = strings.ReplaceAll(strings.Join(words, "-"), "_", "-")
	denies := false
	for _, rule := range module.Rules {
		denies = denies || rule.Head.Name == "deny" || rule.Head.Ref().String() == "deny"
		r.Remedies = r.Remedies || rule.Head.Ref().String() == "remedy"
	}
	if !denies {
		return Rule{}, false, errors.New("it has no `deny contains …`; helpers belong under lib")
	}
	for _, a := range module.Annotations {
		if a.Scope == "package" {
			return r, true, r.describe(a)
		}
	}
	return Rule{}, false, errors.New("it has no METADATA before its package")
}

func packageOf(module *ast.Module) ([]string, error) {
	var words []string
	for _, term := range module.Package.Path[1:] {
		words = append(words, strings.Trim(term.Value.String(), `"`))
	}
	if len(words) < 3 || words[0] != root {
		return nil, fmt.Errorf("its package is %s; expected %s.SERVICE.RULE", module.Package, root)
	}
	return words[1:], nil
}

// describe takes over what the METADATA says.
func (r *Rule) describe(a *ast.Annotations) error {
	c := custom{values: a.Custom}
	r.Title, r.Description = a.Title, strings.TrimSpace(a.Description)
	if len(a.RelatedResources) > 0 {
		r.URL = a.RelatedResources[0].Ref.String()
	}
	r.Severity, c.err = report.ParseSeverity(c.text("severity"))
	r.Level = report.Level(c.text("level"))
	if r.Level == "" {
		r.Level = report.Advisory
		if r.Severity.AtLeast(report.High) {
			r.Level = report.Mandatory
		}
	}
	r.Remediation = strings.TrimSpace(c.text("remediation"))
	r.Frameworks = c.frameworks()
	r.ResourceTypes = expandTypes(c.list("resource_types"))
	r.Subjects = r.ResourceTypes
	if subjects := c.list("subjects"); len(subjects) > 0 {
		r.Subjects = expandTypes(subjects)
	}
	r.Reads = append(c.reads("reads", false), c.reads("contents", true)...)
	r.describeNames(&c)
	r.Silent = len(r.Reads) == 0
	if r.Graph {
		r.Reads = append(r.Reads, names...)
	}
	r.Parameters = c.parameters()
	missing := []string{}
	for name, empty := range map[string]bool{
		"title": r.Title == "", "description": r.Description == "", "custom.remediation": r.Remediation == "",
		"custom.resource_types": len(r.ResourceTypes) == 0, "custom.frameworks": len(r.Frameworks) == 0,
	} {
		if empty {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 && c.err == nil {
		slices.Sort(missing)
		c.err = fmt.Errorf("its METADATA lacks %s", strings.Join(missing, ", "))
	}
	if !slices.Contains(Levels, r.Level) && c.err == nil {
		c.err = fmt.Errorf("custom.level is %q: %v", r.Level, Levels)
	}
	return c.err
}

// custom reads the values of METADATA's custom block and keeps the first error.
type custom struct {
	values map[string]any
	err    error
}

func (c *custom) fail(key, expected string) {
	if c.err == nil {
		c.err = fmt.Errorf("custom.%s: expected %s, found %T", key, expected, c.values[key])
	}
}

func (c *custom) text(key string) string {
	value, given := c.values[key]
	text, ok := value.(string)
	if given && !ok {
		c.fail(key, "a text")
	}
	return text
}

func (c *custom) list(key string) []string {
	value, given := c.values[key]
	if !given {
		return nil
	}
	list, ok := texts(value)
	if !ok {
		c.fail(key, "a list of texts")
	}
	return list
}

func texts(value any) ([]string, bool) {
	items, ok := value.([]any)
	var list []string
	for _, item := range items {
		text, is := item.(string)
		ok = ok && is
		list = append(list, text)
	}
	return list, ok
}

func (c *custom) frameworks() []report.Framework {
	named, ok := c.values["frameworks"].(map[string]any)
	var all []report.Framework
	for _, name := range slices.Sorted(maps.Keys(named)) {
		list, is := texts(named[name])
		ok = ok && is
		for _, requirement := range list {
			all = append(all, report.Framework{Name: name, Requirement: requirement})
		}
	}
	if !ok {
		c.fail("frameworks", "lists of requirements by framework")
	}
	return all
}

// reads are the paths under a key, for all types or by type.
func (c *custom) reads(key string, content bool) []Read {
	var reads []Read
	add := func(types []string, patterns []string) {
		for _, pattern := range patterns {
			read, err := newRead(types, pattern, content)
			if err != nil && c.err == nil {
				c.err = fmt.Errorf("custom.%s: %w", key, err)
			}
			reads = append(reads, read...)
		}
	}
	switch value := c.values[key].(type) {
	case nil:
	case []any:
		add([]string{"*"}, c.list(key))
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			list, ok := texts(value[name])
			if !ok {
				c.fail(key, "a list of paths, or lists by type")
			}
			add(expandTypes([]string{name}), list)
		}
	default:
		c.fail(key, "a list of paths, or lists by type")
	}
	return reads
}

// parameterName is what a parameter may be called in YAML and in Rego.
var parameterName = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`)

func (c *custom) parameters() map[string]Parameter {
	value, given := c.values["parameters"]
	if !given {
		return nil
	}
	named, ok := value.(map[string]any)
	all := map[string]Parameter{}
	for name, schema := range named {
		fields, is := schema.(map[string]any)
		ok = ok && is && parameterName.MatchString(name) && fields["default"] != nil && fields["description"] != nil
		all[name] = fields
	}
	if !ok {
		c.fail("parameters", "JSON Schemas by name, each with default and description")
	}
	return all
}
