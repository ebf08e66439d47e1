package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gatehouse/plugins"
)

// Plugin is one plugin that is built into the image.
type Plugin struct {
	plugins.Ref
	// Integrity is what its tarball must be: the pipeline is to check it.
	Integrity plugins.Integrity `json:"integrity"`
}

// Build is one image to build. Make it with [NewBuild].
type Build struct {
	plugins     []Plugin
	baseImage   string
	environment string
	tag         string
	attempt     string
}

// tags are those that registries allow (OCI distribution, 1.1).
var tags = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)

// NewBuild is the build of plugins into baseImage for an environment ("production"),
// to be pushed as tag. attempt tells one try from another, such as the uid of the Job
// that tries: with the same one, a run that has failed is not started again.
func NewBuild(all []Plugin, baseImage, environment, tag, attempt string) (Build, error) {
	if baseImage == "" || environment == "" || len(all) == 0 {
		return Build{}, errors.New("describe a build: it needs plugins, a base image and an environment")
	}
	if !tags.MatchString(tag) {
		return Build{}, fmt.Errorf("describe a build: %q is no tag of an image", tag)
	}
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Plugin) int { return strings.Compare(a.Name, b.Name) })
	for i, p := range all {
		if err := p.Check(); err != nil {
			return Build{}, fmt.Errorf("describe a build: %w", err)
		}
		if p.Integrity.IsZero() {
			return Build{}, fmt.Errorf("describe a build: %s has no integrity: the pipeline could not tell what it gets", p.Ref)
		}
		if i > 0 && all[i-1].Name == p.Name {
			return Build{}, fmt.Errorf("describe a build: %s is there twice", p.Name)
		}
	}
	return Build{all, baseImage, environment, tag, attempt}, nil
}

// Tag is what the image is to be pushed as.
func (b Build) Tag() string { return b.tag }

// Token names the build: the same for the same build and attempt. It is what a run is
// found by: 32 hexadecimal digits.
func (b Build) Token() string {
	sum := sha256.New()
	for _, part := range []string{b.pluginsJSON(), b.baseImage, b.environment, b.tag, b.attempt} {
		fmt.Fprintf(sum, "%d %s", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil))[:32]
}

// Parameter is one value that a pipeline gets.
type Parameter struct{ Name, Value string }

// Parameters are what a pipeline gets, in this order: plugins (JSON), base_image,
// environment, tag, correlation (the token), and of a build of one plugin
// plugin_name and plugin_version (deployment guide, "CI/CD Pipeline Triggered").
func (b Build) Parameters() []Parameter {
	all := []Parameter{
		{"plugins", b.pluginsJSON()},
		{"base_image", b.baseImage},
		{"environment", b.environment},
		{"tag", b.tag},
		{"correlation", b.Token()},
	}
	if len(b.plugins) == 1 {
		all = append(all, Parameter{"plugin_name", b.plugins[0].Name}, Parameter{"plugin_version", b.plugins[0].Version})
	}
	return all
}

// Payload is the parameters by name.
func (b Build) Payload() map[string]string {
	payload := map[string]string{}
	for _, p := range b.Parameters() {
		payload[p.Name] = p.Value
	}
	return payload
}

// Variables are the parameters with names in capitals, as environments have them:
// PLUGIN_NAME. PLUGINS and TAG are PLUGIN_BUILD_PLUGINS and PLUGIN_BUILD_TAG and so
// on, since names as short would hide others'.
func (b Build) Variables() []Parameter {
	all := b.Parameters()
	for i, p := range all {
		name := strings.ToUpper(p.Name)
		if !strings.HasPrefix(name, "PLUGIN_") {
			name = "PLUGIN_BUILD_" + name
		}
		all[i].Name = name
	}
	return all
}

// CorrelationVariable is the name of the token among [Build.Variables].
const CorrelationVariable = "PLUGIN_BUILD_CORRELATION"

func (b Build) pluginsJSON() string {
	text, err := json.Marshal(b.plugins)
	if err != nil { // they are strings
		return err.Error()
	}
	return string(text)
}
