package frameworks

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"gatehouse/report"
)

// Catalogue is the list of a standard's controls.
type Catalogue struct {
	// Name is as rules and items call the standard, Edition the one that is
	// listed.
	Name    string `yaml:"name"`
	Edition string `yaml:"edition"`
	// Scope says what is listed, and what is left to others.
	Scope  string  `yaml:"scope"`
	Groups []Group `yaml:"groups"`

	ids map[string]bool
}

// Group is a family of controls.
type Group struct {
	Name     string    `yaml:"name"`
	Controls []Control `yaml:"controls"`
}

// Control is one control of a catalogue.
type Control struct {
	// ID is the standard's own, e.g. CC6.1, A.8.13, SC-7 or 5.4.2.
	ID string `yaml:"id"`
	// Title is the standard's own where it is free, and a few words of ours
	// where it is not.
	Title string `yaml:"title"`
}

//go:embed catalogues/*.yaml
var files embed.FS

// order is the order of the standards in a report, by their files.
var order = []string{"soc-2", "iso-27001", "nist-800-53", "cis-eks"}

var all = sync.OnceValue(func() []Catalogue {
	var list []Catalogue
	for _, name := range order {
		file := path.Join("catalogues", name+".yaml")
		content, err := files.ReadFile(file)
		if err == nil {
			var c Catalogue
			if c, err = Parse(file, content); err == nil {
				list = append(list, c)
				continue
			}
		}
		panic(err) // the file is built in, and the tests read it
	}
	return list
})

// Catalogues are the standards that a run can be seen by, in the order of a
// report.
func Catalogues() []Catalogue { return slices.Clone(all()) }

// Parse reads a catalogue strictly; name is for its messages. A control that is
// there twice, or lacks its ID or title, is an error.
func Parse(name string, content []byte) (Catalogue, error) {
	c := Catalogue{ids: map[string]bool{}}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return Catalogue{}, fmt.Errorf("read catalogue: %s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if c.Name == "" || c.Edition == "" || c.Scope == "" {
		return Catalogue{}, fmt.Errorf("read catalogue: %s: name, edition or scope is missing", name)
	}
	for _, group := range c.Groups {
		if group.Name == "" || len(group.Controls) == 0 {
			return Catalogue{}, fmt.Errorf("read catalogue: %s: group %q has no name or no controls", name, group.Name)
		}
		for _, control := range group.Controls {
			if control.ID == "" || control.Title == "" {
				return Catalogue{}, fmt.Errorf("read catalogue: %s: group %s: a control lacks its id or title", name, group.Name)
			}
			if c.ids[control.ID] {
				return Catalogue{}, fmt.Errorf("read catalogue: %s: control %s is there twice", name, control.ID)
			}
			c.ids[control.ID] = true
		}
	}
	if len(c.ids) == 0 {
		return Catalogue{}, fmt.Errorf("read catalogue: %s has no controls", name)
	}
	return c, nil
}

// longest is how many bytes a requirement may have: what is longer comes from a
// hostile file, and would take long to look up.
const longest = 100

// Resolve finds the control that a requirement of the standard belongs to. What
// is narrower than a control, such as the enhancement SC-7(5), belongs to it;
// what is broader, such as a whole family, to none: serving one of its controls
// is not serving all.
func (c Catalogue) Resolve(requirement string) (id string, found bool) {
	if len(requirement) > longest {
		return "", false
	}
	id = strings.ToUpper(strings.Join(strings.Fields(requirement), ""))
	id, _, _ = strings.Cut(id, "(")
	for id != "" {
		for _, whole := range []string{id, "A." + id} { // Annex A is often left out
			if c.ids[whole] {
				return whole, true
			}
		}
		id = id[:max(strings.LastIndexByte(id, '.'), 0)]
	}
	return "", false
}

// Find takes the name of a standard as people write it: "SOC 2", soc2, nist.
func Find(name string) (Catalogue, error) {
	fold := func(text string) string {
		return strings.Map(func(r rune) rune {
			if r == ' ' || r == '-' || r == '_' {
				return -1
			}
			return r
		}, strings.ToLower(text))
	}
	var begins, names []string
	var found Catalogue
	for _, c := range all() {
		names = append(names, c.Name)
		switch {
		case fold(name) == fold(c.Name):
			return c, nil
		case strings.HasPrefix(fold(c.Name), fold(name)):
			begins, found = append(begins, c.Name), c
		}
	}
	if len(begins) == 1 {
		return found, nil
	}
	known := strings.Join(names, ", ")
	if near := report.Nearest(name, names); near != "" {
		return Catalogue{}, fmt.Errorf("unknown standard %q, did you mean %q? Known are %s", name, near, known)
	}
	return Catalogue{}, fmt.Errorf("unknown standard %q: %s", name, known)
}
