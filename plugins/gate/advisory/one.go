package advisory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Record is one OSV record that was read. Make it with [ParseRecord].
type Record struct{ read record }

// ParseRecord reads an OSV record in JSON. It must have an id and a time.
func ParseRecord(content []byte) (Record, error) {
	r, err := parseRecord(content)
	return Record{r}, err
}

// Modified is when it was changed last.
func (r Record) Modified() time.Time { return r.read.Modified }

// Withdrawn tells that it counts no longer.
func (r Record) Withdrawn() bool { return r.read.withdrawn() }

// Packages are the names of npm's packages in it, each once, sorted; nil when it is
// of other ecosystems.
func (r Record) Packages() []string { return r.read.names() }

// Of is what it says of one package of npm: an OSV record with nothing in it that
// [Record.Find] does not read.
func (r Record) Of(name string) ([]byte, error) {
	only := r.read
	only.Affected = nil
	for _, a := range r.read.Affected {
		if a.Package.Ecosystem == ecosystem && a.Package.Name == name {
			a.Database = a.Database.only("severity")
			only.Affected = append(only.Affected, a)
		}
	}
	only.Database = only.Database.only("severity")
	content, err := json.Marshal(only)
	if err != nil {
		return nil, fmt.Errorf("shorten the OSV record %s: %w", r.read.ID, err)
	}
	return content, nil
}

// Find is what it says of components; see [ByName]. A withdrawn record says nothing.
func (r Record) Find(byName map[string][]Component) []Vulnerability { return r.read.find(byName) }

// Unread is a record that could not be read, of packages that could.
type Unread struct {
	// ID is the record's, "" when not even that can be read.
	ID string
	// Packages are the names of npm's packages in it, each once, sorted; nil when it
	// is of other ecosystems.
	Packages []string
}

// ParseUnread reads of which packages a record is that [ParseRecord] refuses. An
// error is that this cannot be told either: the record could be of any package.
func ParseUnread(content []byte) (Unread, error) {
	var r struct {
		ID       json.RawMessage `json:"id"`
		Affected []struct {
			Package struct {
				Ecosystem string `json:"ecosystem"`
				Name      string `json:"name"`
			} `json:"package"`
		} `json:"affected"`
	}
	if err := json.Unmarshal(content, &r); err != nil {
		return Unread{}, fmt.Errorf("read of what the OSV record is: %w", err)
	}
	if len(r.Affected) == 0 {
		return Unread{}, fmt.Errorf("read of what the OSV record is: it names no package")
	}
	var u Unread
	_ = json.Unmarshal(r.ID, &u.ID) // "" says that it has none
	for _, a := range r.Affected {
		switch {
		case a.Package.Ecosystem == "" || a.Package.Name == "":
			return Unread{}, fmt.Errorf("read of what the OSV record is: one of its packages has no name or no ecosystem")
		case a.Package.Ecosystem == ecosystem:
			u.Packages = append(u.Packages, a.Package.Name)
		}
	}
	u.Packages = distinct(u.Packages)
	return u, nil
}

// Doubt is what an unread record says of a component, and why it could not be read.
func (u Unread) Doubt(component Component, why string) Vulnerability {
	v := Vulnerability{ID: u.ID, Component: component, Doubt: why}
	if v.ID == "" {
		v.ID = "a record without id"
	}
	if strings.HasPrefix(u.ID, malware) {
		v.Severity = Critical
	}
	return v
}

// names are those of npm's packages in a record.
func (r record) names() []string {
	var names []string
	for _, a := range r.Affected {
		if a.Package.Ecosystem == ecosystem {
			names = append(names, a.Package.Name)
		}
	}
	return distinct(names)
}

func (r record) withdrawn() bool { return r.Withdrawn != nil && !r.Withdrawn.Equal(time.Time{}) }

// only keeps one key. What it has is a copy.
func (s specific) only(key string) specific {
	value, found := s[key]
	if !found {
		return nil
	}
	return specific{key: value}
}

func distinct(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
