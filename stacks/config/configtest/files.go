// Package configtest holds configurations for tests: the two that are
// committed, and random valid ones.
package configtest

import (
	"path/filepath"
	"runtime"
	"time"

	"gatehouse/stacks/config"
)

// Today is the day on which tests judge support dates, so that they do not
// fail when a Kubernetes version grows old.
func Today() time.Time { return time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC) }

// Staging is the committed Pulumi.staging.yaml.
func Staging() config.Config { return load("staging") }

// Production is the committed Pulumi.production.yaml.
func Production() config.Config { return load("production") }

// File is the path of a committed stack file.
func File(stack string) string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "..", "Pulumi."+stack+".yaml")
}

func load(stack string) config.Config {
	c, err := config.Load(File(stack), config.At(Today()))
	if err != nil {
		panic(err)
	}
	return c
}
