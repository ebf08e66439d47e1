package install

import (
	"fmt"
	"strings"
)

// BuildRequest is an image that a pipeline builds plugins into.
type BuildRequest struct {
	// Plugins are those that are built in, by name.
	Plugins []Plugin `json:"plugins"`
	// Base is the tag, TAG or TAG@sha256:DIGEST, of the image that they are built
	// into, in the repository of [VariableRepository].
	Base string `json:"base"`
	// Environment is the stack's name.
	Environment string `json:"environment"`
	// Container is the portal's container that runs the image.
	Container string `json:"container"`
}

// ParseBuild reads a request strictly.
func ParseBuild(text string) (BuildRequest, error) {
	var r BuildRequest
	if err := decode(text, &r); err != nil {
		return r, fmt.Errorf("read the request: %w", err)
	}
	return r, r.check()
}

func (r BuildRequest) check() error {
	switch {
	case len(r.Plugins) == 0:
		return fmt.Errorf("build an image: it names no plugin")
	case r.Base == "" || r.Environment == "" || r.Container == "":
		return fmt.Errorf("build an image: base, environment and container must be said")
	}
	for _, p := range r.Plugins {
		if err := p.check(); err != nil {
			return err
		}
	}
	return nil
}

// Tag is what the image is pushed as: the same for the same plugins in the same
// base.
func (r BuildRequest) Tag() string {
	parts := []string{r.Base}
	for _, p := range r.Plugins {
		parts = append(parts, p.String(), p.Integrity.String())
	}
	return "plugins-" + Hash(parts...)
}

// BaseTag is the base's tag, or its digest where it has one.
func (r BuildRequest) BaseTag() (tag, digest string) {
	tag, digest, _ = strings.Cut(r.Base, "@")
	return tag, digest
}
