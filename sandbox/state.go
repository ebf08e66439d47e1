package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"gatehouse/sandbox/process"

	"github.com/google/renameio/v2"
)

// state is what is remembered between commands, in state.json.
type state struct {
	mu   sync.Mutex
	path string

	Ports map[string]int     `json:"ports"`
	Parts map[string]running `json:"parts"`
	// Kubernetes is the version of the API server.
	Kubernetes string `json:"kubernetes,omitempty"`
	// Backstage is the folder of the Backstage whose pods run; empty when they
	// pretend.
	Backstage string   `json:"backstage,omitempty"`
	AWS       awsState `json:"aws"`
	// Servers is nil when the last Up wanted none.
	Servers *serverState `json:"servers,omitempty"`
}

// running is a part that was started.
type running struct {
	process.Identity
	// Fingerprint covers how it was started. A part that would be started in
	// another way now is started again.
	Fingerprint string `json:"fingerprint"`
}

type awsState struct {
	// Endpoint is set for an emulator that is not ours.
	Endpoint   string `json:"endpoint,omitempty"`
	Version    string `json:"version,omitempty"`
	Generation string `json:"generation,omitempty"`
}

var errDamaged = errors.New("state.json is damaged")

// load reads the state. There is always one: without a file it is empty, and
// with a damaged one too, beside errDamaged.
func (s *Sandbox) load() (*state, error) {
	st := &state{path: filepath.Join(s.dir, "state.json")}
	text, err := os.ReadFile(st.path)
	if err == nil {
		if err = json.Unmarshal(text, st); err != nil {
			*st = state{path: st.path} // nothing half-read
			err = fmt.Errorf("read the state of the sandbox: %w: %w", errDamaged, err)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if st.Ports == nil {
		st.Ports = map[string]int{}
	}
	if st.Parts == nil {
		st.Parts = map[string]running{}
	}
	return st, err
}

// update changes the state and writes it, so that a kill right after loses
// nothing.
func (st *state) update(change func()) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	change()
	text, err := json.MarshalIndent(st, "", "  ")
	if err != nil {
		return fmt.Errorf("write the state of the sandbox: %w", err)
	}
	if err := renameio.WriteFile(st.path, text, 0o600); err != nil {
		return fmt.Errorf("write the state of the sandbox: %w", err)
	}
	return nil
}

func (st *state) part(name string) running {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.Parts[name]
}
