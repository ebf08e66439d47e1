package artefact

import (
	"bytes"
	"errors"
	"fmt"

	"golang.org/x/tools/cover"

	"gatehouse/checks/evidence"
)

// parseCoverage reads a coverage report of one of four formats. Lines are
// counted, each once however many tests run through it; for Go, statements,
// which is what go tool cover counts.
func parseCoverage(file evidence.ArtefactFile, text []byte) ([]evidence.Coverage, error) {
	start := trim(text)
	c := evidence.Coverage{ArtefactFile: file, Unit: "lines"}
	var err error
	switch {
	case len(start) == 0:
		return nil, errors.New("it is empty")
	case start[0] == '{':
		c.Format = "istanbul"
		err = istanbul(text, &c)
	case start[0] == '<':
		c.Format = "cobertura"
		err = cobertura(text, &c)
	case bytes.HasPrefix(start, []byte("mode:")):
		c.Format, c.Unit = "go-cover", "statements"
		err = goCover(start, &c)
	case bytes.HasPrefix(start, []byte("TN:")), bytes.HasPrefix(start, []byte("SF:")):
		c.Format = "lcov"
		err = lcov(start, &c)
	default:
		err = errors.New("it is no Go profile, lcov, Cobertura or coverage-summary.json")
	}
	if err != nil {
		return nil, err
	}
	if err := counts(c.Covered, c.Total); err != nil {
		return nil, err
	}
	if c.Covered > c.Total {
		return nil, fmt.Errorf("%d %s of %d are covered", c.Covered, c.Unit, c.Total)
	}
	return []evidence.Coverage{c}, nil
}

func goCover(text []byte, c *evidence.Coverage) error {
	profiles, err := cover.ParseProfilesFromReader(bytes.NewReader(text))
	if err != nil {
		return err
	}
	for _, profile := range profiles {
		for _, block := range profile.Blocks {
			if err := counts(block.NumStmt); err != nil {
				return err
			}
			c.Total += block.NumStmt
			if block.Count > 0 {
				c.Covered += block.NumStmt
			}
		}
	}
	c.Files = len(profiles)
	return nil
}

// istanbul reads coverage-summary.json (json-summary of Istanbul, Jest, Vitest).
func istanbul(text []byte, c *evidence.Coverage) error {
	type figures struct {
		Lines *struct {
			Total   int `json:"total"`
			Covered int `json:"covered"`
		} `json:"lines"`
	}
	var files map[string]figures
	if err := fromJSON(text, &files); err != nil {
		return err
	}
	total, has := files["total"]
	if !has || total.Lines == nil {
		return errors.New("it has no total of lines: write it with the reporter json-summary")
	}
	delete(files, "total")
	for name, f := range files {
		if f.Lines == nil {
			return fmt.Errorf("%s has no lines", name)
		}
		if err := counts(f.Lines.Total, f.Lines.Covered); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c.Total += f.Lines.Total
		c.Covered += f.Lines.Covered
	}
	c.Files = len(files)
	if len(files) > 0 && (c.Total != total.Lines.Total || c.Covered != total.Lines.Covered) {
		return fmt.Errorf("its total says %d of %d lines, its files have %d of %d",
			total.Lines.Covered, total.Lines.Total, c.Covered, c.Total)
	}
	c.Total, c.Covered = total.Lines.Total, total.Lines.Covered
	return nil
}
