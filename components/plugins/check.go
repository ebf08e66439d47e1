package plugins

import (
	"errors"
	"fmt"
	"slices"

	"github.com/robfig/cron/v3"

	"gatehouse/components/pod"
)

// check says everything that is wrong at once.
func (a Args) check() error {
	var wrong []error
	if a.Claim == "" {
		wrong = append(wrong, errors.New("name the claim of the shared volume"))
	}
	if _, err := cron.ParseStandard(a.Schedule); err != nil {
		wrong = append(wrong, fmt.Errorf("schedule: %w; write five cron fields such as \"30 3 * * *\"", err))
	}
	names := map[string]bool{}
	for _, step := range a.steps() {
		if step.Name == "" || len(step.Name) > maxJob {
			wrong = append(wrong, fmt.Errorf("give every job a name of 1 to %d characters, not %q", maxJob, step.Name))
		}
		if names[step.Name] {
			wrong = append(wrong, fmt.Errorf("give every job a name of its own: %q is there twice", step.Name))
		}
		names[step.Name] = true
	}
	for _, step := range a.Stages {
		if step.Plugin == "" {
			wrong = append(wrong, fmt.Errorf("name the plugin that %s stages", step.Name))
		}
	}
	return errors.Join(wrong...)
}

// check says everything that is wrong at once.
func (p Portal) check(beside Args) error {
	var wrong []error
	if p.Workload == nil {
		wrong = append(wrong, errors.New("name the workload that loads them"))
	}
	if p.Activate.Name == "" || len(p.Activate.Name) > maxJob {
		wrong = append(wrong, fmt.Errorf("give every job a name of 1 to %d characters, not %q", maxJob, p.Activate.Name))
	}
	if slices.ContainsFunc(beside.steps(), func(s Step) bool { return s.Name == p.Activate.Name }) {
		wrong = append(wrong, fmt.Errorf("give every job a name of its own: %q is there twice", p.Activate.Name))
	}
	if len(p.Scraped) == 0 {
		wrong = append(wrong, errors.New("name a port of the portal's pods that has metrics"))
	}
	for _, name := range p.Scraped {
		if !slices.ContainsFunc(p.Ports, func(port pod.Port) bool { return port.Name == name }) {
			wrong = append(wrong, fmt.Errorf("scrape one of the portal's ports: %q is none", name))
		}
	}
	return errors.Join(wrong...)
}

// steps are the Jobs before the portal.
func (a Args) steps() []Step {
	all := append(slices.Clone(a.Stages), a.Assemble)
	if a.Build != nil {
		all = append(all, *a.Build)
	}
	return all
}
