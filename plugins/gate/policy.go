package gate

import (
	"fmt"
	"time"

	"gatehouse/plugins/gate/advisory"
)

// Policy is what a plugin must be to be installed. Start from [DefaultPolicy], or
// read one with [ParsePolicy].
type Policy struct {
	Provenance      ProvenanceRule    `yaml:"provenance"`
	Licences        LicenceRule       `yaml:"licences"`
	Vulnerabilities VulnerabilityRule `yaml:"vulnerabilities"`
	Limits          LimitsRule        `yaml:"limits"`
	// Plugins are what differs for single plugins, by package name.
	Plugins map[string]Override `yaml:"plugins"`
}

// ProvenanceRule is what a build's attestation must say. Signatures of the
// registry have no rule: they are always wanted, and only an exception helps.
type ProvenanceRule struct {
	// Required: without a good attestation it is refused. Default false: few
	// Backstage plugins have one.
	Required bool `yaml:"required"`
	// Builders are the allowed builder.id of SLSA, whole. None means any.
	Builders []string `yaml:"builders"`
	// Repositories are the allowed source repositories, whole:
	// https://github.com/backstage/backstage. None means any.
	Repositories []string `yaml:"repositories"`
}

// LicenceRule is which licences are allowed.
type LicenceRule struct {
	// Allow are SPDX identifiers, each alone or WITH an exception, or LicenseRef-….
	Allow []string `yaml:"allow"`
}

// VulnerabilityRule is which vulnerabilities are too bad.
type VulnerabilityRule struct {
	// RefuseFrom is the lowest severity that is refused. Default high. One that
	// nobody rated is refused too.
	RefuseFrom advisory.Severity `yaml:"refuseFrom"`
	// MaxAge is how old the knowledge of vulnerabilities may be. Default 7 days.
	MaxAge time.Duration `yaml:"maxAge"`
}

// LimitsRule is how large a plugin may be with all that it bundles. Each is above 0.
type LimitsRule struct {
	// Packed and Unpacked are bytes. Defaults 32 MiB and 200 MiB.
	Packed   int64 `yaml:"packed"`
	Unpacked int64 `yaml:"unpacked"`
	// Files is a number of files. Default 20,000.
	Files int `yaml:"files"`
	// Path is the bytes of the longest path. Default 240: with the volume's own
	// path in front it stays below what tools bear.
	Path int `yaml:"path"`
}

// Override is what differs for one plugin.
type Override struct {
	// Provenance, when it is there, counts instead of the policy's. It can only be
	// required: to do without is an exception, which has a reason.
	Provenance *ProvenanceRule `yaml:"provenance"`
	Accept     []Exception     `yaml:"accept"`
}

// Exception accepts one problem of one plugin, and says why.
type Exception struct {
	// Step is the step's name, ID what the step calls the problem: its remedy
	// tells. There is no word for all of them.
	Step string `yaml:"step"`
	ID   string `yaml:"id"`
	// Version bounds it to one version of the plugin; "" for all.
	Version string `yaml:"version"`
	// Reason is why, for the audit trail.
	Reason string `yaml:"reason"`
	// Expires is the last day on which it counts, in UTC.
	Expires Day `yaml:"expires"`
}

// Day is a day in UTC, written 2027-02-01.
type Day struct{ start time.Time }

// NewDay reads a day.
func NewDay(text string) (Day, error) {
	start, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Day{}, fmt.Errorf("%q is no day: write it as 2027-02-01", text)
	}
	return Day{start}, nil
}

// UnmarshalText reads a day.
func (d *Day) UnmarshalText(text []byte) (err error) {
	*d, err = NewDay(string(text))
	return err
}

func (d Day) String() string { return d.start.Format(time.DateOnly) }

func (d Day) covers(now time.Time) bool {
	return !d.start.IsZero() && now.Before(d.start.AddDate(0, 0, 1))
}

// DefaultPolicy is for production.
func DefaultPolicy() Policy {
	return Policy{
		Licences: LicenceRule{Allow: []string{
			"0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-3.0", "CC-BY-4.0",
			"CC0-1.0", "ISC", "MIT", "MIT-0", "Python-2.0", "Unicode-3.0", "Unlicense", "WTFPL", "Zlib",
		}},
		Vulnerabilities: VulnerabilityRule{RefuseFrom: advisory.High, MaxAge: 7 * 24 * time.Hour},
		Limits:          LimitsRule{Packed: 32 << 20, Unpacked: 200 << 20, Files: 20_000, Path: 240},
	}
}

// rules are what counts for one plugin.
type rules struct {
	provenance ProvenanceRule
	accept     []Exception
}

func (p Policy) rulesOf(name string) rules {
	r := rules{provenance: p.Provenance}
	override := p.Plugins[name]
	if override.Provenance != nil && override.Provenance.Required {
		r.provenance = *override.Provenance
	}
	r.accept = override.Accept
	return r
}
