package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"deps.dev/util/semver"

	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/npm"
)

var vulnerabilities = step{
	name:    "vulnerabilities",
	explain: "No known vulnerability of the policy's severity is in the plugin, in what it bundles or in what it names in one exact version.",
	check:   checkVulnerabilities,
}

// ahead is how far a clock may be wrong.
const ahead = time.Hour

func checkVulnerabilities(ctx context.Context, c *Case) finding {
	const fetch = "fetch a newer OSV export of npm, or a newer result of Trivy"
	own, err := c.own.Get()
	if err != nil {
		return lacking("what the package bundles", err, seeLimits)
	}
	source, err := c.Advisories.Get()
	if err != nil {
		return lacking("known vulnerabilities", err, "give an OSV directory or a result of Trivy")
	}
	var f finding
	components := f.components(c, own)
	report, err := source.Find(ctx, components)
	if err != nil { // another copy of them may be whole
		f := lacking("known vulnerabilities", err, fetch)
		f.problems[0].later = true
		return f
	}
	switch age := c.Now.Sub(report.AsOf); {
	case age > c.Policy.Vulnerabilities.MaxAge:
		f.notNow("stale", fmt.Sprintf("what is known is %s old, more than %s", age.Round(time.Hour), c.Policy.Vulnerabilities.MaxAge), fetch)
	case age < -ahead:
		f.notNow("stale", fmt.Sprintf("what is known is of %s, which is yet to come", report.AsOf.UTC().Format(time.DateTime)), "set the clocks right")
	}
	below := 0
	for _, v := range report.Vulnerabilities {
		if v.Doubt == "" && v.Severity != advisory.Unrated && v.Severity < c.Policy.Vulnerabilities.RefuseFrom {
			below++
			continue
		}
		f.vulnerability(v)
	}
	f.looked = []string{fmt.Sprintf("%d packages looked at, known as of %s", len(components), report.AsOf.UTC().Format(time.DateOnly))}
	if below > 0 {
		f.looked = append(f.looked, fmt.Sprintf("%d vulnerabilities below %s", below, c.Policy.Vulnerabilities.RefuseFrom))
	}
	return f
}

func (f *finding) vulnerability(v advisory.Vulnerability) {
	text := fmt.Sprintf("%s has %s (%s)", v.Component, v.ID, v.Severity)
	remedy := "no version without it is known: do not install it"
	if v.Fixed != "" {
		remedy = fmt.Sprintf("take a version with %s %s or later", v.Component.Name, v.Fixed)
	}
	if v.Doubt != "" {
		f.cannotTell(v.ID, fmt.Sprintf("%s perhaps has %s: %s", v.Component, v.ID, v.Doubt), "read the advisory")
		return
	}
	f.refuse(v.ID, text, remedy)
}

// components are the plugin, what it bundles, and what it names in one exact
// version. What was compiled into its files cannot be seen.
func (f *finding) components(c *Case, own npm.Package) (all []advisory.Component) {
	add := func(name, version string) {
		if one := (advisory.Component{Name: name, Version: version}); !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	exact := func(p npm.Package) {
		for _, field := range []map[string]string{p.Dependencies, p.OptionalDependencies} {
			for _, name := range sortedNames(field) {
				name, spec := wanted(name, field[name])
				if _, err := semver.NPM.Parse(spec); err == nil && isExact.MatchString(spec) {
					add(name, spec)
				}
			}
		}
	}
	add(c.Ref.Name, c.Ref.Version)
	exact(own)
	for _, b := range c.bundled {
		p, err := b.Package.Get()
		if err != nil {
			f.unseen(b, "version", err)
			continue
		}
		add(p.Ref.Name, p.Ref.Version)
		exact(p)
	}
	return all
}
