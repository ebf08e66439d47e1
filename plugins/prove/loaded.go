package prove

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// Loaded is what a Backstage has loaded: the answer of /v1/plugins. Its JSON schema is
// [Schema].
type Loaded struct {
	// Generation is the one that the pod has mounted, "" before the first.
	Generation string `json:"generation"`
	// Started tells that all plugins have started. Before that, an answer proves
	// nothing yet.
	Started bool `json:"started"`
	// Failure is why Backstage's start failed, "" when it has not failed.
	Failure string `json:"failure"`
	// Node is the version of Node.js: 22.3.0.
	Node string `json:"node"`
	// Backstage is the release that the portal's backstage.json says, "" without one.
	Backstage string `json:"backstage"`
	// Plugins are those that Backstage has found, in the order of its folders. What it
	// could not read at all is not among them.
	Plugins []Plugin `json:"plugins"`
}

// Plugin is one that Backstage has found.
type Plugin struct {
	// Name and Version are what its package.json says: not always what npm allows.
	Name    string `json:"name"`
	Version string `json:"version"`
	// Role is its backstage.role: backend-plugin, backend-plugin-module,
	// frontend-plugin, …
	Role string `json:"role"`
	// Platform is node, or web for what browsers load: of that Backstage has read
	// nothing but package.json.
	Platform string `json:"platform"`
	// Failure is why it could not be loaded, "" when it was.
	Failure string `json:"failure"`
	// MayFail tells that Backstage is configured (backend.startup) to go on when the
	// plugin's start fails. It says so nowhere but in its log.
	MayFail bool `json:"mayFail"`
}

// Bounds of an answer.
const (
	// maxAnswer is far above that of a thousand plugins, in bytes.
	maxAnswer = 1 << 20
	// maxField is the longest text that is kept, in bytes; npm's names have at most
	// 214.
	maxField = 4 << 10
)

// ErrAnswer means that something answers and is no probe, or none that can be
// understood: to ask again does not help.
var ErrAnswer = errors.New("that is no answer of the probe")

// Parse reads an answer. Unknown fields are left out, so that the probe of an older
// generation, or of a newer one, can be asked; what is there must be right. Texts are
// those of plugins: control characters become spaces.
func Parse(text []byte) (Loaded, error) {
	if len(text) > maxAnswer {
		return Loaded{}, fmt.Errorf("%w: it has more than %d bytes", ErrAnswer, maxAnswer)
	}
	var answer struct {
		Loaded
		Started *bool     `json:"started"`
		Plugins *[]Plugin `json:"plugins"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&answer); err != nil {
		return Loaded{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Loaded{}, fmt.Errorf("%w: there is more behind it", ErrAnswer)
	}
	if answer.Started == nil || answer.Plugins == nil {
		return Loaded{}, fmt.Errorf("%w: it has no started or no plugins", ErrAnswer)
	}
	l := answer.Loaded
	l.Started, l.Plugins = *answer.Started, *answer.Plugins
	for i, p := range l.Plugins {
		if p.Name == "" || p.Version == "" {
			return Loaded{}, fmt.Errorf("%w: its plugin %d has no name or no version", ErrAnswer, i+1)
		}
	}
	return l, l.clean()
}

// clean makes every text fit for people's terminals, and refuses those beyond all
// measure.
func (l *Loaded) clean() error {
	texts := []*string{&l.Generation, &l.Failure, &l.Node, &l.Backstage}
	for i := range l.Plugins {
		p := &l.Plugins[i]
		texts = append(texts, &p.Name, &p.Version, &p.Role, &p.Platform, &p.Failure)
	}
	for _, text := range texts {
		if len(*text) > 4*maxField {
			return fmt.Errorf("%w: one of its texts has %d bytes", ErrAnswer, len(*text))
		}
		*text = cleaned(*text)
	}
	return nil
}

// cleaned is text on one line, of at most maxField bytes.
func cleaned(text string) string {
	var b bytes.Buffer
	for _, r := range text {
		if !unicode.IsPrint(r) {
			r = ' '
		}
		if b.Len()+utf8.RuneLen(r) > maxField {
			break
		}
		b.WriteRune(r)
	}
	return string(bytes.TrimSpace(b.Bytes()))
}
