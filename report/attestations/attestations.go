// Package attestations reads and writes attestations.yaml: what people state
// about items of the checklist that no program can decide. What an attestation
// is laid over is the business of checks.
package attestations

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"gatehouse/report/listfile"
)

// FileName is where a project keeps its attestations, beside Pulumi.yaml.
const FileName = "attestations.yaml"

// maxBytes is far above any real file and far below what hurts.
const maxBytes = 8 << 20

// Attestation is a person's dated statement that an item holds.
type Attestation struct {
	// Item is the checklist item's ID, e.g. COMP-3.
	Item string `yaml:"item" json:"item"`
	// Environments are the stacks that it holds for; empty for all.
	Environments []string `yaml:"environments" json:"environments,omitempty"`
	// Owner is who states it and answers for it.
	Owner string `yaml:"owner" json:"owner"`
	// Statement is what is stated.
	Statement string `yaml:"statement" json:"statement"`
	// Link is where the evidence lies: a URL, or a path in the repository.
	Link string `yaml:"link" json:"link"`
	// On is the day of the statement, Expires the last day on which it holds,
	// both as 2027-02-01, in UTC.
	On      string `yaml:"on" json:"on"`
	Expires string `yaml:"expires" json:"expires"`
	// Digest is that of the list which is stated to have been reviewed, as
	// "sha256:HEX"; "" for a statement about no list.
	Digest string `yaml:"digest" json:"digest,omitempty"`
	// Line is where it begins in its file, EndLine its last line; 0 when it came
	// from none.
	Line    int `yaml:"-" json:"-"`
	EndLine int `yaml:"-" json:"-"`
}

// Holds tells whether it holds for an environment at a time.
func (a Attestation) Holds(environment string, now time.Time) bool {
	day := now.UTC().Format(time.DateOnly)
	return a.For(environment) && a.On <= day && day <= a.Expires
}

// For tells whether it is about an environment.
func (a Attestation) For(environment string) bool {
	return len(a.Environments) == 0 || slices.Contains(a.Environments, environment)
}

// Read reads a file. One that is not there holds no attestations.
func Read(path string) ([]Attestation, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read attestations: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read attestations: %w", err)
	}
	if len(content) > maxBytes {
		return nil, fmt.Errorf("read attestations: %s is larger than %d MiB: is it a file of attestations?", path, maxBytes>>20)
	}
	return Parse(FileName, content)
}

// Parse reads the content of a file; name is for its messages. It reads nothing
// by halves: all that is wrong is one error, and there are no attestations.
func Parse(name string, content []byte) ([]Attestation, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	var file struct {
		Attestations []located `yaml:"attestations"`
	}
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read attestations: %s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var problems []error
	var all []Attestation
	var nodes []*yaml.Node
	for _, each := range file.Attestations {
		nodes = append(nodes, each.node)
	}
	ends := listfile.Ends(content, nodes)
	for i, each := range file.Attestations {
		each.EndLine = ends[i]
		for _, problem := range each.check() {
			problems = append(problems, fmt.Errorf("%s:%d: %s", name, each.Line, problem))
		}
		all = append(all, each.Attestation)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("read attestations: %w", errors.Join(problems...))
	}
	return all, nil
}

// located is an attestation that knows its line.
type located struct {
	Attestation
	node *yaml.Node
}

// UnmarshalYAML reads one item, strictly.
func (l *located) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want an attestation (item, owner, statement, link, on, expires)", node.Line)
	}
	known := []string{"item", "environments", "owner", "statement", "link", "on", "expires", "digest"}
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains(known, key.Value) {
			return fmt.Errorf("line %d: unknown key %q: %s", key.Line, key.Value, strings.Join(known, ", "))
		}
	}
	if err := node.Decode(&l.Attestation); err != nil {
		return err
	}
	l.Line, l.node = node.Line, node
	return nil
}

var digest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// check says everything that is wrong with an attestation.
func (a Attestation) check() []string {
	var problems []string
	for _, field := range []struct{ key, value, why string }{
		{"item", a.Item, "which item of the checklist is stated?"},
		{"owner", a.Owner, "who states it?"},
		{"statement", a.Statement, "what is stated?"},
		{"link", a.Link, "where is the evidence?"},
		{"on", a.On, "on which day was it stated?"},
		{"expires", a.Expires, "until which day does it hold?"},
	} {
		if strings.TrimSpace(field.value) == "" {
			problems = append(problems, field.key+" is missing: "+field.why)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	for _, field := range [][2]string{{"on", a.On}, {"expires", a.Expires}} {
		if _, err := time.Parse(time.DateOnly, field[1]); err != nil {
			problems = append(problems, fmt.Sprintf("%s: want a day such as 2027-02-01, found %q", field[0], field[1]))
		}
	}
	if len(problems) == 0 && a.Expires < a.On {
		problems = append(problems, fmt.Sprintf("it expires on %s, before it was stated on %s", a.Expires, a.On))
	}
	if a.Digest != "" && !digest.MatchString(a.Digest) {
		problems = append(problems, fmt.Sprintf("digest: want sha256: and 64 hexadecimal digits as the report shows them, found %q", a.Digest))
	}
	if link, err := url.Parse(a.Link); err != nil || (link.Scheme != "" && link.Scheme != "https" && link.Scheme != "http") {
		problems = append(problems, fmt.Sprintf("link: want a URL or a path in the repository, found %q", a.Link))
	}
	return problems
}

// Append adds attestations at the end of a file's content and leaves the rest as
// it is. It refuses what Parse would refuse of the outcome.
func Append(content []byte, more ...Attestation) ([]byte, error) {
	before, err := Parse(FileName, content)
	if err != nil {
		return nil, err
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, a := range more {
		item := listfile.Item([2]string{"item", a.Item})
		if len(a.Environments) > 0 {
			item.Content = append(item.Content, listfile.Text("environments"), listfile.Texts(a.Environments))
		}
		rest := listfile.Item([2]string{"owner", a.Owner}, [2]string{"statement", a.Statement}, [2]string{"link", a.Link})
		item.Content = append(item.Content, rest.Content...)
		item.Content = append(item.Content, listfile.Text("on"), listfile.Day(a.On), listfile.Text("expires"), listfile.Day(a.Expires))
		item.Content = append(item.Content, listfile.Item([2]string{"digest", a.Digest}).Content...)
		list.Content = append(list.Content, item)
	}
	out, err := listfile.Append(content, "attestations", list)
	if err != nil {
		return nil, fmt.Errorf("append attestations: %w", err)
	}
	after, err := Parse(FileName, out)
	if err != nil {
		return nil, fmt.Errorf("append attestations: %w", err)
	}
	if len(after) != len(before)+len(more) {
		return nil, fmt.Errorf("append attestations: %s is written in an unusual way; add them by hand", FileName)
	}
	return out, nil
}
