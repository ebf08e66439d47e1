package release

import (
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
	// Digest is the SHA-256 of the chart's archive, in hexadecimal, as the
	// repository's index gives it.
	Digest string `yaml:"digest"`
}

//go:embed charts.yaml
var catalogue []byte

// Charts lists the catalogue.
func Charts() ([]Chart, error) {
	var charts []Chart
	if err := yaml.Unmarshal(catalogue, &charts); err != nil {
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
