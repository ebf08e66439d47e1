package analyzer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"gatehouse/report"
)

// trail is a file that takes what is found as it is found, one JSON object a
// line: an engine that is stopped by a finding never comes to the end.
type trail struct {
	path string
	mu   sync.Mutex
	err  error
}

// record is one line: findings, or the summary at the end.
type record struct {
	Findings []report.Finding `json:"findings,omitempty"`
	Summary  *report.Summary  `json:"summary,omitempty"`
}

func (t *trail) add(findings []report.Finding) { t.write(record{Findings: findings}) }

// end writes the summary and tells whether all could be written.
func (t *trail) end(s report.Summary) error {
	t.write(record{Summary: &s})
	return t.err
}

func (t *trail) write(r record) {
	if t.path == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	file, err := os.OpenFile(t.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = errors.Join(json.NewEncoder(file).Encode(r), file.Close())
	}
	if err != nil && t.err == nil {
		t.err = fmt.Errorf("write what the policies found: %w", err)
	}
}

// ReadTrail returns what an engine's run has found: waivers are not laid over
// it yet. complete is whether it came to the end.
func ReadTrail(path string) (result report.Result, complete bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return result, false, fmt.Errorf("read what the policies found: %w", err)
	}
	defer file.Close()
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return result, complete, nil // a line that was cut off was never reported
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return result, false, fmt.Errorf("read what the policies found: %w", err)
		}
		result.Findings = append(result.Findings, r.Findings...)
		if r.Summary != nil {
			result.Summary, complete = *r.Summary, true
		}
	}
}
