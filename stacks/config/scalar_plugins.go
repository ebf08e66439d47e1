package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
)

// Scalars of plugins.
type (
	// PackageName is the name of an npm package, with its scope.
	PackageName string
	// PackageVersion is one exact version of a package.
	PackageVersion string
	// Integrity is the SHA-512 of a package's tarball: sha512-BASE64.
	Integrity string
	// PluginStrategy is how a plugin reaches the portal.
	PluginStrategy string
	// GateStep is a step of the gate.
	GateStep string
	// Severity is how bad a vulnerability is.
	Severity string
	// Date is a day, in UTC.
	Date string
	// RegistryURL is the URL of an npm registry, https or http.
	RegistryURL string
	// AdvisorySource is where known vulnerabilities come from: the URL of OSV's
	// export of npm, or an object in a bucket.
	AdvisorySource string
)

// The first four are those of package plugins, without what ECMA 262 does not
// have.
var (
	packageNamePattern    = regexp.MustCompile(`^(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*$`)
	packageVersionPattern = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`)
	integrityPattern      = regexp.MustCompile(`^sha512-[A-Za-z0-9+/]{86}==$`)
	datePattern           = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)
	registryPattern       = regexp.MustCompile(`^https?://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?(/[A-Za-z0-9._~%/-]*)?$`)
	advisoryPattern       = regexp.MustCompile(`^(https?://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?/[A-Za-z0-9._~%/-]+|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[A-Za-z0-9!_.*'()/-]+)$`)
)

func (*PackageName) form() form {
	return form{what: "the name of an npm package", example: `"@backstage/plugin-catalog-backend"`, pattern: packageNamePattern}
}

// UnmarshalText accepts a name of at most 214 characters, as npm does.
func (n *PackageName) UnmarshalText(text []byte) error {
	if err := parseText(n, n.form(), text); err != nil {
		return err
	}
	if err := (plugins.Ref{Name: string(text), Version: "1.0.0"}).Check(); err != nil {
		return &formError{message: fmt.Sprintf("has %d characters; npm allows a name 214", len(text))}
	}
	return nil
}

func (*PackageVersion) form() form {
	return form{what: "an exact version, no range and no tag", example: `"1.15.0"`, pattern: packageVersionPattern}
}

// UnmarshalText accepts one version of Semantic Versioning.
func (v *PackageVersion) UnmarshalText(text []byte) error {
	if err := parseText(v, v.form(), text); err != nil {
		return err
	}
	return (plugins.Ref{Name: "plugin", Version: string(text)}).Check()
}

func (*Integrity) form() form {
	return form{what: "a SHA-512 as npm prints it", example: "sha512-" + strings.Repeat("A", 86) + "==", pattern: integrityPattern}
}

// UnmarshalText accepts sha512-BASE64. What is weaker is refused: it proves too
// little.
func (i *Integrity) UnmarshalText(text []byte) error {
	if weaker, _, found := strings.Cut(string(text), "-"); found && (weaker == "sha1" || weaker == "sha256" || weaker == "sha384") {
		return &formError{message: weaker + " proves too little; give the SHA-512, as `npm view NAME@VERSION dist.integrity` prints it"}
	}
	if err := parseText(i, i.form(), text); err != nil {
		return err
	}
	_, err := plugins.ParseIntegrity(string(text))
	return err
}

// Sum is the SHA-512, none for an integrity that was never read.
func (i Integrity) Sum() plugins.Integrity {
	// Reading has checked it, so that an error means that there is none.
	sum, _ := plugins.ParseIntegrity(string(i))
	return sum
}

func (*PluginStrategy) form() form {
	f := form{what: "a strategy of plugins", example: string(plugins.Dynamic)}
	for _, strategy := range plugins.Strategies {
		f.choices = append(f.choices, string(strategy))
	}
	return f
}

// UnmarshalText accepts dynamic, rebuild and sidecar.
func (s *PluginStrategy) UnmarshalText(text []byte) error { return parseText(s, s.form(), text) }

func (*GateStep) form() form {
	return form{what: "a step of the gate", example: gate.Names()[0], choices: gate.Names()}
}

// UnmarshalText accepts the names of the gate's steps.
func (s *GateStep) UnmarshalText(text []byte) error { return parseText(s, s.form(), text) }

func (*Severity) form() form {
	return form{what: "a severity", example: "high", choices: []string{"low", "medium", "high", "critical"}}
}

// UnmarshalText accepts low, medium, high and critical.
func (s *Severity) UnmarshalText(text []byte) error { return parseText(s, s.form(), text) }

func (*Date) form() form {
	return form{what: "a day in quotes", example: `"2027-02-01"`, pattern: datePattern}
}

// UnmarshalText accepts YYYY-MM-DD.
func (d *Date) UnmarshalText(text []byte) error {
	if err := parseText(d, d.form(), text); err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, string(text)); err != nil {
		return &formError{message: quote(string(text)) + " is no day of the calendar"}
	}
	return nil
}

// Ends is the first moment after the day.
func (d Date) Ends() time.Time {
	// Reading has checked it; the zero date has always ended.
	start, _ := time.Parse(time.DateOnly, string(d))
	return start.AddDate(0, 0, 1)
}

func (*RegistryURL) form() form {
	return form{what: "the URL of an npm registry", example: "https://registry.npmjs.org", pattern: registryPattern}
}

// UnmarshalText accepts https and http URLs without user, query and fragment.
func (u *RegistryURL) UnmarshalText(text []byte) error { return parseText(u, u.form(), text) }

func (*AdvisorySource) form() form {
	return form{
		what: "the URL of OSV's export of npm or a copy in a bucket", example: "s3://example-advisories/npm/all.zip",
		pattern: advisoryPattern,
	}
}

// UnmarshalText accepts https and http URLs, and s3://BUCKET/KEY.
func (s *AdvisorySource) UnmarshalText(text []byte) error { return parseText(s, s.form(), text) }
