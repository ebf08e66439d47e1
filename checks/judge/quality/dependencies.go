package quality

import (
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// npmDependenciesClean: thresholds severities (of npm), maxAge. An audit does
// not say which packages are for development alone; write it without them.
var npmDependenciesClean = judge.Checker{
	ID:       "npm-dependencies-clean",
	Expected: "No dependency that runs in production has a vulnerability that counts",
	Needs:    []evidence.Name{evidence.ArtefactNPM.Name()},
	Judge: func(c *judge.Case) {
		severities := c.Texts("severities")
		c.Expect("npm audit finds no vulnerability of severity %s in dependencies", strings.Join(severities, " or "))
		for _, audit := range judge.Read(c, evidence.ArtefactNPM) {
			switch {
			case !fresh(c, audit.ArtefactFile):
				continue
			case audit.Dependencies == 0:
				c.Unknown("%s is of no dependencies at all: nothing was audited", audit.Path)
				continue
			}
			for _, severity := range severities {
				severity = strings.ToLower(severity)
				count := audit.Vulnerable[severity]
				if count == 0 {
					c.Saw()
					continue
				}
				c.FailWith(audit.Path, "update them; if they are for development alone, write the audit with npm audit --omit=dev --json",
					"%d packages of severity %s: %s", count, severity, strings.Join(of(audit.Packages, severity), ", "))
			}
			c.Note("%s: %d dependencies, none vulnerable that counts", audit.Path, audit.Dependencies)
		}
	},
}

// of are the packages of a severity, without saying it again.
func of(packages []string, severity string) []string {
	names := []string{}
	for _, each := range packages {
		if name, is := strings.CutSuffix(each, " ("+severity+")"); is {
			names = append(names, name)
		}
	}
	return names
}

// imagesClean: thresholds severities, maxAge.
var imagesClean = judge.Checker{
	ID:       "scans-clean",
	Expected: "No image has a vulnerability that counts, or a credential in it",
	Needs:    []evidence.Name{evidence.ArtefactImages.Name()},
	Judge: func(c *judge.Case) {
		severities := c.Texts("severities")
		c.Expect("Trivy finds no vulnerability of severity %s and no credential in what is deployed", strings.Join(severities, " or "))
		for _, scan := range judge.Read(c, evidence.ArtefactImages) {
			switch {
			case !fresh(c, scan.ArtefactFile):
				continue
			case scan.Targets == 0:
				c.Unknown("%s: Trivy found nothing in %s that it can look at", scan.Path, scan.Artefact)
				continue
			}
			c.Require(scan.Secrets == 0, scan.Artefact, "%d credentials lie in it", scan.Secrets)
			for _, severity := range severities {
				severity = strings.ToUpper(severity)
				count := scan.Vulnerabilities[severity]
				examples := ""
				if severity == "CRITICAL" {
					examples = ": " + strings.Join(scan.Critical[:min(3, len(scan.Critical))], ", ")
				}
				c.Require(count == 0, scan.Artefact, "%d vulnerabilities of severity %s%s", count, severity, examples)
			}
			c.Note("%s: %d package lists looked at", scan.Artefact, scan.Targets)
		}
	},
}
