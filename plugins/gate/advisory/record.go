package advisory

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// record is an OSV record (schema 1.7), as far as npm needs it.
type record struct {
	ID        string     `json:"id"`
	Modified  time.Time  `json:"modified"`
	Withdrawn *time.Time `json:"withdrawn,omitempty"`
	Aliases   []string   `json:"aliases,omitempty"`
	Summary   string     `json:"summary,omitempty"`
	Severity  []score    `json:"severity,omitempty"`
	Affected  []affected `json:"affected,omitempty"`
	Database  specific   `json:"database_specific,omitempty"`
}

type score struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

type affected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Ranges   []span   `json:"ranges,omitempty"`
	Versions []string `json:"versions,omitempty"`
	Severity []score  `json:"severity,omitempty"`
	Database specific `json:"database_specific,omitempty"`
}

// specific keeps what each database writes there in its own way.
type specific map[string]json.RawMessage

func (s specific) severity() Severity {
	var word string
	if json.Unmarshal(s["severity"], &word) != nil {
		return Unrated
	}
	severity, _ := ParseSeverity(word)
	return severity
}

func parseRecord(content []byte) (record, error) {
	var r record
	if err := json.Unmarshal(content, &r); err != nil {
		return record{}, fmt.Errorf("read the OSV record: %w", err)
	}
	if r.ID == "" || r.Modified.IsZero() {
		return record{}, fmt.Errorf("read the OSV record: it has no id or no modified: it is none")
	}
	if len(r.Aliases) == 0 {
		r.Aliases = nil // an empty list is none
	}
	return r, nil
}

// malware are the ids of packages that are an attack as a whole (OpenSSF's
// malicious-packages); they come without severity.
const malware = "MAL-"

// severity is the highest that the record names for one of its packages.
func (r record) severity(a affected) Severity {
	worst := max(r.Database.severity(), a.Database.severity())
	for _, each := range append(append([]score{}, r.Severity...), a.Severity...) {
		if one, err := rate(each.Score); err == nil {
			worst = max(worst, one)
		} else if one, err := ParseSeverity(each.Score); err == nil { // Ubuntu's form
			worst = max(worst, one)
		}
	}
	if strings.HasPrefix(r.ID, malware) {
		return Critical
	}
	return worst
}
