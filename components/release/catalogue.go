package release

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Chart is one line of the catalogue.
type Chart struct {
	// Name is the chart's name in its repository.
	Name string `yaml:"name"`
	// Repository is the URL of the Helm repository.
	Repository string `yaml:"repository"`
	// Version is the chart's version.
	Version string `yaml:"version"`
	// Digest is the SHA-256 of the chart's archive, in hexadecimal. Empty is
	// "not locked yet": such a chart is not installed on a real cluster.
	Digest string `yaml:"digest"`
}

//go:embed charts.yaml
var catalogue []byte

// Catalogue is where the catalogue lies in the project, from its root.
const Catalogue = "components/release/charts.yaml"

// Charts lists the catalogue that this program was built with.
func Charts() ([]Chart, error) { return Read(catalogue) }

// Read lists the charts of a catalogue's text. A key that it does not know is
// an error.
func Read(text []byte) ([]Chart, error) {
	var charts []Chart
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&charts); err != nil {
		return nil, fmt.Errorf("read the catalogue of charts: %w", err)
	}
	return charts, nil
}

// Find returns the chart of that name. The error lists the names there are.
func Find(name string) (Chart, error) {
	charts, err := Charts()
	if err != nil {
		return Chart{}, err
	}
	if i := slices.IndexFunc(charts, func(c Chart) bool { return c.Name == name }); i >= 0 {
		return charts[i], nil
	}
	var names []string
	for _, c := range charts {
		names = append(names, c.Name)
	}
	return Chart{}, fmt.Errorf("find chart %q: the catalogue has %s", name, strings.Join(names, ", "))
}
