package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/store"
)

// Answer is what a registry said of one version.
type Answer struct {
	// Asked is when.
	Asked    time.Time    `json:"asked"`
	Ref      plugins.Ref  `json:"ref"`
	Manifest npm.Manifest `json:"manifest"`
	// Keys are the registry's; NoKeys that it publishes none.
	Keys   []npm.Key `json:"keys"`
	NoKeys bool      `json:"noKeys"`
	// Attestations are as they were served; nil when nobody asked.
	Attestations json.RawMessage `json:"attestations,omitempty"`

	err error
}

// keys are the registry's, or why there are none.
func (a Answer) keys() ([]npm.Key, error) {
	if a.NoKeys {
		return nil, npm.ErrNoKeys
	}
	return a.Keys, a.err
}

// Answers keep what a registry said in a folder that the installer alone writes, so
// that a plugin which was asked for before is judged without the registry. The
// tarball's integrity is configuration's and signatures are verified each time: what
// grows old is only whether a version was deprecated since.
type Answers struct {
	Folder string
	// Age is how long an answer counts.
	Age time.Duration
	Now func() time.Time
	Log *slog.Logger
}

// answer takes what is kept, or asks and keeps it.
func (s Sources) answer(ctx context.Context, ref plugins.Ref) (Answer, error) {
	if a, found := s.Answers.read(ref); found {
		return a, nil
	}
	a := Answer{Asked: s.Now().UTC(), Ref: ref}
	var err error
	if a.Manifest, err = s.Registry.Manifest(ctx, ref); err != nil {
		return a, err
	}
	a.Keys, a.err = s.Registry.Keys(ctx)
	a.NoKeys = errors.Is(a.err, npm.ErrNoKeys)
	if a.Manifest.Dist.Attestations.URL != "" {
		if content, err := s.Registry.Attestations(ctx, a.Manifest); err == nil {
			a.Attestations = content
		} else if a.err == nil {
			// Whoever wants it asks again and hears why; half an answer is not kept.
			return a, nil
		}
	}
	if a.err == nil || a.NoKeys {
		s.Answers.keep(a)
	}
	return a, nil
}

func (a *Answers) path(ref plugins.Ref) string {
	return filepath.Join(a.Folder, store.Slug(ref.Name)+"@"+ref.Version+".json")
}

// read gives an answer that still counts. One that cannot be read is asked for
// again.
func (a *Answers) read(ref plugins.Ref) (Answer, bool) {
	if a == nil {
		return Answer{}, false
	}
	content, err := os.ReadFile(a.path(ref))
	if errors.Is(err, fs.ErrNotExist) {
		return Answer{}, false
	}
	var kept Answer
	if err == nil {
		err = json.Unmarshal(content, &kept)
	}
	if err == nil && (kept.Ref != ref || kept.Manifest.Ref != ref) {
		err = fmt.Errorf("it is about %s, and says what the registry said of %s", kept.Ref, kept.Manifest.Ref)
	}
	if err != nil {
		a.Log.Warn("ask the registry again: the kept answer cannot be read", "plugin", ref.String(), "error", err.Error())
		return Answer{}, false
	}
	age := a.Now().Sub(kept.Asked)
	return kept, age >= 0 && age < a.Age
}

// keep is best effort: without it the registry is asked again.
func (a *Answers) keep(answer Answer) {
	if a == nil {
		return
	}
	content, err := json.Marshal(answer)
	if err == nil {
		err = os.MkdirAll(a.Folder, 0o755) //nolint:gosec // nothing secret; other pods of the installer read it
	}
	if err == nil {
		err = renameio.WriteFile(a.path(answer.Ref), content, 0o644) //nolint:gosec // as above
	}
	if err != nil {
		a.Log.Warn("the registry's answer is not kept", "plugin", answer.Ref.String(), "error", err.Error())
	}
}
