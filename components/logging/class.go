package logging

import (
	"fmt"
	"slices"
)

// Class is a class of log data: how long it is kept and who reads it differ.
type Class string

// The classes, in the order in which a line is looked at: it belongs to the
// first that fits.
const (
	// Audit is who did what: Backstage's audit events.
	Audit Class = "audit"
	// Plugin is what installs plugins (deployment guide, "Logging").
	Plugin Class = "plugin"
	// Application is the portal and Backstage.
	Application Class = "application"
	// Platform is everything else in the cluster, and the nodes' own services.
	Platform Class = "platform"
)

// Classes lists them.
func Classes() []Class { return []Class{Audit, Plugin, Application, Platform} }

// Retention is how many days each class is kept (readiness guide, Compliance:
// retention policies).
type Retention struct{ Application, Plugin, Platform, Audit int }

func (r Retention) of(class Class) int {
	return map[Class]int{Application: r.Application, Plugin: r.Plugin, Platform: r.Platform, Audit: r.Audit}[class]
}

// retentions are the days that CloudWatch Logs can keep a group for (API
// reference, PutRetentionPolicy).
var retentions = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

func (r Retention) check() error {
	for _, class := range Classes() {
		if days := r.of(class); !slices.Contains(retentions, days) {
			return fmt.Errorf("keep %s logs: CloudWatch Logs cannot keep a group for %d days; choose one of %v", class, days, retentions)
		}
	}
	return nil
}
