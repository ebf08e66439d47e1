package bundle

import (
	"archive/tar"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gatehouse/report/bundle/signing"
	"gatehouse/report/readiness"
)

// Contents are what goes into a bundle beside what Write makes itself.
type Contents struct {
	// Report is the results file: the JSON of the run, as `check -o json` writes
	// it. What the statement says of the run is read from it.
	Report []byte
	// Evidence is the run's, with its content.
	Evidence []readiness.Evidence
	// Parts are renderings (report.html) and what the run was judged by
	// (checklist.yaml, policies/…, waivers.yaml, attestations.yaml, targets.json).
	Parts []Part
}

// Write writes a bundle: an uncompressed tar, sorted by name, whose times are
// all the run's start. The same contents and key make the same bytes, if the key
// signs the same way twice. It refuses evidence that is not what the report
// says, before anything is written.
func Write(ctx context.Context, w io.Writer, contents Contents, signer signing.Signer) error {
	parts, run, err := collect(contents)
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	if signer == nil {
		return errors.New("write bundle: there is no key to sign it with: gatehouse report keygen makes one")
	}
	files := []File{}
	for _, p := range parts {
		files = append(files, fileOf(p))
	}
	manifest, err := Manifest{Format: Format, Files: files}.marshal()
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	parts = sorted(append(parts, Part{ManifestPath, manifest}))
	files = nil
	for _, p := range parts {
		files = append(files, fileOf(p))
	}
	payload, err := newStatement(files, predicateOf(run)).marshal()
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	envelope, err := seal(ctx, payload, signer)
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	parts = sorted(append(parts, Part{StatementPath, envelope}))
	if err := writeArchive(w, parts, run.Started.UTC().Truncate(time.Second)); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	return nil
}

func sorted(parts []Part) []Part {
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Path, b.Path) })
	return parts
}

// collect are the parts that the manifest lists, sorted, and the run of the
// report among them.
func collect(c Contents) ([]Part, readiness.Run, error) {
	run, err := parseReport(c.Report)
	if err != nil {
		return nil, run, err
	}
	evidence, err := evidenceParts(run, c.Evidence)
	if err != nil {
		return nil, run, err
	}
	parts := append([]Part{{ReportPath, c.Report}, {ReadmePath, readme}}, evidence...)
	seen := map[string]bool{ManifestPath: true, StatementPath: true}
	for _, p := range parts {
		seen[p.Path] = true
	}
	total := int64(0)
	for _, p := range c.Parts {
		if err := checkPath(p.Path); err != nil {
			return nil, run, err
		}
		if seen[p.Path] || strings.HasPrefix(p.Path, evidenceFolder) {
			return nil, run, fmt.Errorf("%s is given twice, or is a name of the bundle's own", p.Path)
		}
		seen[p.Path] = true
		parts = append(parts, p)
	}
	for _, p := range parts {
		if total += int64(len(p.Content)); int64(len(p.Content)) > bounds.part || total > bounds.total {
			return nil, run, fmt.Errorf("%s makes it too large: %d MiB a part and %d MiB in all may be", p.Path, bounds.part>>20, bounds.total>>20)
		}
	}
	if len(parts)+2 > bounds.parts {
		return nil, run, fmt.Errorf("%d parts are more than the %d that may be", len(parts)+2, bounds.parts)
	}
	return sorted(parts), run, nil
}

// parseReport reads what the statement says of a run.
func parseReport(text []byte) (readiness.Run, error) {
	var run readiness.Run
	if int64(len(text)) > bounds.report {
		return run, fmt.Errorf("%s is larger than the %d MiB that may be", ReportPath, bounds.report>>20)
	}
	if err := json.Unmarshal(text, &run); err != nil {
		return run, fmt.Errorf("read %s: %w", ReportPath, err)
	}
	if run.Format != readiness.Format {
		return run, fmt.Errorf("read %s: its format is %q, want %s", ReportPath, run.Format, readiness.Format)
	}
	if run.Started.Unix() <= 0 {
		return run, fmt.Errorf("read %s: it does not say when the run started", ReportPath)
	}
	return run, nil
}

// evidenceParts are the parts of what was read for a run. A piece that nothing
// was read for has none.
func evidenceParts(run readiness.Run, given []readiness.Evidence) ([]Part, error) {
	content := map[string]readiness.Evidence{}
	for _, e := range given {
		if _, twice := content[e.ID]; twice {
			return nil, fmt.Errorf("evidence %q is given twice", e.ID)
		}
		content[e.ID] = e
	}
	var parts []Part
	named := map[string]bool{}
	for _, e := range run.Evidence {
		if named[e.ID] {
			return nil, fmt.Errorf("%s names evidence %q twice", ReportPath, e.ID)
		}
		named[e.ID] = true
		if e.SHA256 == "" {
			continue
		}
		path, err := EvidencePath(e.ID)
		if err != nil {
			return nil, err
		}
		p := Part{path, content[e.ID].Content}
		if found := fileOf(p).SHA256; found != e.SHA256 {
			return nil, fmt.Errorf("evidence %s is not what the report was made from: it says SHA-256 %s, the content (%d bytes) has %s", e.ID, e.SHA256, len(p.Content), found)
		}
		parts = append(parts, p)
	}
	for _, e := range given {
		if !named[e.ID] {
			return nil, fmt.Errorf("evidence %q is not in %s", e.ID, ReportPath)
		}
	}
	return parts, nil
}

// writeArchive writes the tar.
func writeArchive(w io.Writer, parts []Part, at time.Time) error {
	archive := tar.NewWriter(w)
	for _, p := range parts {
		if err := archive.WriteHeader(header(p.Path, int64(len(p.Content)), at)); err != nil {
			return fmt.Errorf("%s: %w", p.Path, err)
		}
		if _, err := archive.Write(p.Content); err != nil {
			return fmt.Errorf("%s: %w", p.Path, err)
		}
	}
	return archive.Close()
}

// header is the only one that a part has: nothing in it is of the machine or the
// user that writes it.
func header(path string, size int64, at time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: path, Size: size, Mode: 0o644, ModTime: at, Format: tar.FormatUSTAR}
}
