package checks

import (
	_ "embed"
	"fmt"

	"gatehouse/checks/checklist"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/access"
	"gatehouse/checks/judge/cache"
	"gatehouse/checks/judge/cluster"
	"gatehouse/checks/judge/compliance"
	"gatehouse/checks/judge/database"
	"gatehouse/checks/judge/edge"
	"gatehouse/checks/judge/infrastructure"
	"gatehouse/checks/judge/operations"
	"gatehouse/checks/judge/quality"
	"gatehouse/checks/judge/web"
)

//go:embed checklist.yaml
var items []byte

// Checklist is the built-in checklist: every checkbox of the two guides.
func Checklist() ([]checklist.Item, error) { return checklist.Parse("checks/checklist.yaml", items) }

// Checkers is every checker there is, group by group.
func Checkers() []judge.Checker {
	var all []judge.Checker
	for _, group := range []func() []judge.Checker{
		infrastructure.Checkers, edge.Checkers, compliance.Checkers, cluster.Checkers, access.Checkers,
		database.Checkers, cache.Checkers, web.Checkers, operations.Checkers, quality.Checkers,
	} {
		all = append(all, group()...)
	}
	return all
}

// byID finds checkers by their IDs. Two of one ID are a mistake of ours.
func byID() map[string]judge.Checker {
	checkers := map[string]judge.Checker{}
	for _, k := range Checkers() {
		if _, twice := checkers[k.ID]; twice {
			panic(fmt.Sprintf("two checkers are called %s", k.ID))
		}
		checkers[k.ID] = k
	}
	return checkers
}
