package bundle

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// parts compares what is there with what is stated.
func (v *verifier) parts() {
	if v.stated == nil {
		return
	}
	there := map[string]bool{}
	for _, f := range v.archive.files {
		there[f.Path] = true
		want, named := v.stated[f.Path]
		switch {
		case f.Path == StatementPath && !named:
		case !named:
			v.problem(Extra, f.Path, "it is in the bundle, and the statement does not name it")
		case want != f.SHA256:
			v.problem(Changed, f.Path, "it has SHA-256 %s; the statement says %s", f.SHA256, want)
		default:
			v.out.Parts++
		}
	}
	for _, s := range v.out.Statement.Subject {
		if !there[s.Name] {
			v.problem(Missing, s.Name, "the statement names it, with SHA-256 %s, and it is not there", s.Digest.SHA256)
		}
	}
}

// packing compares the tar with the one that Write writes.
func (v *verifier) packing() {
	for _, odd := range v.archive.odd {
		v.problem(Repacked, odd[0], "%s", odd[1])
	}
	if v.stated == nil {
		return
	}
	want := v.out.Statement.Predicate.Started.UTC().Truncate(time.Second)
	for i, f := range v.archive.files {
		if at := v.archive.at[i]; !at.Equal(want) {
			v.problem(Repacked, f.Path, "its time is %s, not the run's start, %s", utc(at), utc(want))
		}
	}
}

// manifest compares the manifest with the statement, or with the parts when
// nothing is stated.
func (v *verifier) manifest() {
	if !v.archive.has(ManifestPath) {
		if !v.blamed[ManifestPath] {
			v.problem(Missing, ManifestPath, "there is no %s", ManifestPath)
		}
		return
	}
	manifest, err := parseManifest(v.archive.held[ManifestPath])
	if err != nil {
		v.problem(BadManifest, ManifestPath, "%s", err)
		return
	}
	stated, from := v.stated, "the statement"
	if stated == nil {
		stated, from = map[string]string{}, "the bundle"
		for _, f := range v.archive.files {
			stated[f.Path] = f.SHA256
		}
	}
	var wrong []string
	listed := map[string]bool{}
	for _, f := range manifest.Files {
		switch want, named := stated[f.Path]; {
		case listed[f.Path]:
			wrong = append(wrong, fmt.Sprintf("%q is listed twice", f.Path))
		case !named:
			wrong = append(wrong, fmt.Sprintf("%q is not in %s", f.Path, from))
		case want != f.SHA256:
			wrong = append(wrong, fmt.Sprintf("%s has SHA-256 %q, in %s %s", f.Path, f.SHA256, from, want))
		default:
			if at, is := v.archive.place[f.Path]; is && !v.blamed[f.Path] && v.archive.files[at].Size != f.Size {
				wrong = append(wrong, fmt.Sprintf("%s has %d bytes, in the bundle %d", f.Path, f.Size, v.archive.files[at].Size))
			}
		}
		listed[f.Path] = true
	}
	for _, f := range v.archive.files {
		if _, named := stated[f.Path]; named && !listed[f.Path] && f.Path != ManifestPath && f.Path != StatementPath {
			wrong = append(wrong, fmt.Sprintf("%s is not listed", f.Path))
		}
	}
	if len(wrong) > 0 {
		v.problem(BadManifest, ManifestPath, "it does not say what %s says: %s", from, enumerate(wrong))
	}
}

// report compares the report with the statement and with the evidence.
func (v *verifier) report() {
	if !v.archive.has(ReportPath) {
		if !v.blamed[ReportPath] {
			v.problem(Missing, ReportPath, "there is no %s", ReportPath)
		}
		return
	}
	v.out.Run = v.archive.held[ReportPath]
	if v.blamed[ReportPath] {
		return // what a changed report says is nobody's word
	}
	run, err := parseReport(v.out.Run)
	if err != nil {
		v.problem(BadReport, ReportPath, "%s", err)
		return
	}
	if v.stated != nil {
		switch keys, err := v.out.Statement.Predicate.differences(predicateOf(run)); {
		case err != nil:
			v.problem(BadReport, ReportPath, "compare it with the statement: %s", err)
		case len(keys) > 0:
			v.problem(BadReport, ReportPath, "the statement says something else of the run: %s", strings.Join(keys, ", "))
		}
	}
	v.evidence(run.Evidence)
}

// enumerate joins what is wrong, without end only as far as anybody reads.
func enumerate(list []string) string {
	const most = 5
	if len(list) > most {
		list = append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", len(list)-most))
	}
	return strings.Join(list, "; ")
}
