package artefact

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gatehouse/checks/evidence"
)

// parseNPM reads `npm audit --json` of npm 7 and later.
func parseNPM(file evidence.ArtefactFile, text []byte) ([]evidence.NPMAudit, error) {
	var report struct {
		Version int `json:"auditReportVersion"`
		Error   *struct {
			Code    string `json:"code"`
			Summary string `json:"summary"`
		} `json:"error"`
		Vulnerabilities map[string]struct {
			Severity string `json:"severity"`
		} `json:"vulnerabilities"`
		Metadata struct {
			Vulnerabilities map[string]int `json:"vulnerabilities"`
			Dependencies    struct {
				Total int `json:"total"`
			} `json:"dependencies"`
		} `json:"metadata"`
	}
	if err := fromJSON(text, &report); err != nil {
		return nil, err
	}
	switch {
	case report.Error != nil:
		return nil, fmt.Errorf("npm audit itself failed: %s %s", report.Error.Code, report.Error.Summary)
	case report.Version != 2:
		return nil, fmt.Errorf("it is version %d of npm's audit, 2 is wanted: use npm 7 or later", report.Version)
	case report.Vulnerabilities == nil || report.Metadata.Vulnerabilities == nil:
		return nil, errors.New("it has no list of vulnerabilities")
	}
	file.Format = "npm-audit"
	audit := evidence.NPMAudit{
		ArtefactFile: file, Dependencies: report.Metadata.Dependencies.Total,
		Vulnerable: map[string]int{}, Packages: []string{},
	}
	for _, name := range slices.Sorted(maps.Keys(report.Vulnerabilities)) {
		severity := report.Vulnerabilities[name].Severity
		audit.Vulnerable[severity]++
		if (severity == "critical" || severity == "high") && len(audit.Packages) < some {
			audit.Packages = append(audit.Packages, fmt.Sprintf("%s (%s)", name, severity))
		}
	}
	for severity, count := range report.Metadata.Vulnerabilities {
		if severity != "total" && count != audit.Vulnerable[severity] {
			return nil, fmt.Errorf("it counts %d of severity %s and lists %d", count, severity, audit.Vulnerable[severity])
		}
	}
	return []evidence.NPMAudit{audit}, nil
}

// parseTrivy reads `trivy --format json`, schema version 2.
func parseTrivy(file evidence.ArtefactFile, text []byte) ([]evidence.TrivyReport, error) {
	var report struct {
		Version  int       `json:"SchemaVersion"`
		Created  time.Time `json:"CreatedAt"`
		Artefact string    `json:"ArtifactName"`
		Type     string    `json:"ArtifactType"`
		Results  []struct {
			Vulnerabilities []struct {
				ID        string `json:"VulnerabilityID"`
				Package   string `json:"PkgName"`
				Installed string `json:"InstalledVersion"`
				Fixed     string `json:"FixedVersion"`
				Severity  string `json:"Severity"`
			} `json:"Vulnerabilities"`
			Secrets []struct {
				Rule string `json:"RuleID"`
			} `json:"Secrets"`
		} `json:"Results"`
	}
	if err := fromJSON(text, &report); err != nil {
		return nil, err
	}
	switch {
	case report.Version != 2:
		return nil, fmt.Errorf("its schema is %d, 2 is wanted", report.Version)
	case report.Artefact == "":
		return nil, errors.New("it does not say what was scanned")
	}
	file.Format = "trivy"
	stated(&file, report.Created)
	scan := evidence.TrivyReport{
		ArtefactFile: file, Artefact: report.Artefact, Type: report.Type, Targets: len(report.Results),
		Vulnerabilities: map[string]int{}, Critical: []string{},
	}
	for _, result := range report.Results {
		scan.Secrets += len(result.Secrets)
		for _, v := range result.Vulnerabilities {
			scan.Vulnerabilities[v.Severity]++
			if v.Severity == "CRITICAL" && len(scan.Critical) < some {
				text := fmt.Sprintf("%s in %s %s", v.ID, v.Package, v.Installed)
				if v.Fixed != "" {
					text += " (fixed in " + v.Fixed + ")"
				}
				scan.Critical = append(scan.Critical, text)
			}
		}
	}
	return []evidence.TrivyReport{scan}, nil
}
