package advisory

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Trivy is a source made of one result of Trivy (`trivy rootfs --format json
// --list-all-pkgs`) of the unpacked package. Make it with [ParseTrivy].
type Trivy struct {
	created time.Time
	looked  map[Component]bool
	found   []Vulnerability
}

// nodeTypes are the kinds of result in which Trivy has npm's packages.
var nodeTypes = map[string]bool{"node-pkg": true, "npm": true, "yarn": true, "pnpm": true, "bun": true}

// ParseTrivy reads a result of Trivy, schema 2.
func ParseTrivy(content []byte) (*Trivy, error) {
	var document struct {
		SchemaVersion int
		CreatedAt     time.Time
		Results       []struct {
			Type            string
			Packages        []struct{ Name, Version string }
			Vulnerabilities []struct {
				VulnerabilityID, PkgName, InstalledVersion, FixedVersion, Title, Severity string
			}
		}
	}
	if err := json.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("read Trivy's result: %w", err)
	}
	if document.SchemaVersion != 2 || document.CreatedAt.IsZero() {
		return nil, fmt.Errorf("read Trivy's result: it has no SchemaVersion 2 or no CreatedAt: make it with `trivy rootfs --format json --list-all-pkgs`")
	}
	t := &Trivy{created: document.CreatedAt, looked: map[Component]bool{}}
	for _, result := range document.Results {
		if !nodeTypes[result.Type] {
			continue
		}
		for _, each := range result.Packages {
			t.looked[Component{each.Name, each.Version}] = true
		}
		for _, each := range result.Vulnerabilities {
			severity, _ := ParseSeverity(each.Severity) // UNKNOWN is unrated
			fixed, _, _ := strings.Cut(each.FixedVersion, ",")
			t.found = append(t.found, Vulnerability{
				ID: each.VulnerabilityID, Summary: each.Title, Severity: severity, Fixed: fixed,
				Component: Component{each.PkgName, each.InstalledVersion},
			})
		}
	}
	return t, nil
}

// Find is what Trivy found in the components. One at which Trivy did not look is
// an error: that nothing was found then proves nothing.
func (t *Trivy) Find(_ context.Context, components []Component) (Report, error) {
	report := Report{AsOf: t.created}
	wanted := map[Component]bool{}
	for _, each := range components {
		if !t.looked[each] {
			return Report{}, fmt.Errorf("trivy's result does not list %s: scan the unpacked package with --list-all-pkgs", each)
		}
		wanted[each] = true
	}
	for _, each := range t.found {
		if wanted[each.Component] {
			report.Vulnerabilities = append(report.Vulnerabilities, each)
		}
	}
	report.Sort()
	return report, nil
}
