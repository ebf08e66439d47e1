package artefact

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gatehouse/checks/evidence"
)

// hits are the lines of files, and whether any test runs through them.
type hits map[string]map[int]bool

func (h hits) add(file string, line int, hit bool) {
	if h[file] == nil {
		h[file] = map[int]bool{}
	}
	h[file][line] = h[file][line] || hit
}

func (h hits) into(c *evidence.Coverage) {
	for _, lines := range h {
		c.Total += len(lines)
		for _, hit := range lines {
			if hit {
				c.Covered++
			}
		}
	}
}

// lcov reads a tracefile (geninfo(1)): records of a source file, with DA:LINE,HITS.
// A record without lines has at least their count: LF found, LH hit.
func lcov(text []byte, c *evidence.Coverage) error {
	found, files := hits{}, map[string]bool{}
	var file string
	var lines, total, covered int
	number := 0
	for raw := range bytes.Lines(text) {
		number++
		key, value, _ := strings.Cut(strings.TrimSpace(string(raw)), ":")
		var err error
		switch key {
		case "SF":
			if file != "" {
				err = fmt.Errorf("the record of %s has no end", file)
			}
			file, lines, total, covered = value, 0, 0, 0
			files[file] = true
		case "DA":
			var line, hit int
			line, hit, err = executed(value)
			found.add(file, line, hit > 0)
			lines++
		case "LF":
			total, err = strconv.Atoi(value)
		case "LH":
			covered, err = strconv.Atoi(value)
		case "end_of_record":
			if lines == 0 {
				err = counts(total, covered)
				c.Total, c.Covered = c.Total+total, c.Covered+covered
			}
			file = ""
		}
		if err == nil && file == "" && key == "DA" {
			err = errors.New("a line of no file")
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	if file != "" {
		return fmt.Errorf("it breaks off in the record of %s", file)
	}
	found.into(c)
	c.Files = len(files)
	return nil
}

// executed reads LINE,HITS and, it may be, a checksum.
func executed(value string) (line, hit int, err error) {
	parts := strings.Split(value, ",")
	if len(parts) < 2 {
		return 0, 0, fmt.Errorf("DA:%s has no hits", value)
	}
	if line, err = strconv.Atoi(parts[0]); err == nil {
		hit, err = strconv.Atoi(parts[1])
	}
	return line, hit, err
}

// cobertura reads coverage.xml (Cobertura's coverage-04.dtd).
func cobertura(text []byte, c *evidence.Coverage) error {
	var report struct {
		Valid     int   `xml:"lines-valid,attr"`
		Covered   int   `xml:"lines-covered,attr"`
		Timestamp int64 `xml:"timestamp,attr"`
		Classes   []struct {
			File  string `xml:"filename,attr"`
			Lines []struct {
				Number int   `xml:"number,attr"`
				Hits   int64 `xml:"hits,attr"`
			} `xml:"lines>line"`
		} `xml:"packages>package>classes>class"`
	}
	if err := fromXML(text, &report, "coverage"); err != nil {
		return err
	}
	found, files := hits{}, map[string]bool{}
	for _, class := range report.Classes {
		files[class.File] = true
		for _, line := range class.Lines {
			found.add(class.File, line.Number, line.Hits > 0)
		}
	}
	found.into(c)
	c.Files = len(files)
	if len(found) == 0 {
		c.Total, c.Covered = report.Valid, report.Covered
	}
	switch { // Cobertura itself writes milliseconds, others seconds
	case report.Timestamp > 1e11:
		stated(&c.ArtefactFile, time.UnixMilli(report.Timestamp))
	case report.Timestamp > 0:
		stated(&c.ArtefactFile, time.Unix(report.Timestamp, 0))
	}
	return nil
}
