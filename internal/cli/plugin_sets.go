package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
	"gatehouse/stacks/config"
)

// provedSet is a generation that was proved, and what was in it.
type provedSet struct {
	generation string
	packages   map[string]config.Package
}

// provedSets are the generations that the audit trail says were proved, oldest
// first, each where it was proved last. It tells name, version and integrity of
// plugins; the rest is nobody's to know.
func provedSets(records []trail.Record) []provedSet {
	var sets []provedSet
	running := map[string]config.Package{}
	for _, r := range records {
		if r.Outcome != trail.Succeeded || r.Generation == "" {
			continue
		}
		switch {
		case r.Action == trail.Prove:
			sets = slices.DeleteFunc(sets, func(s provedSet) bool { return s.generation == r.Generation })
			sets = append(sets, provedSet{r.Generation, maps.Clone(running)})
		case r.Plugin == nil || len(sets) == 0 || sets[len(sets)-1].generation != r.Generation:
		case r.Action == trail.Install || r.Action == trail.Upgrade:
			pkg := config.Package{
				Name: config.PackageName(r.Plugin.Name), Version: config.PackageVersion(r.Plugin.Version), Integrity: config.Integrity(r.Integrity.String()),
			}
			running[r.Plugin.Name], sets[len(sets)-1].packages[r.Plugin.Name] = pkg, pkg
		case r.Action == trail.Uninstall:
			delete(running, r.Plugin.Name)
			delete(sets[len(sets)-1].packages, r.Plugin.Name)
		}
	}
	return sets
}

// chooseSet is the set to go back to: that of a generation, or without one the
// last good one that is not what the configuration asks for already.
func chooseSet(found status.Status, sets []provedSet, to string, now config.Plugins) (provedSet, error) {
	if good, err := goodSet(found); err != nil {
		return provedSet{}, err
	} else if good.generation != "" {
		// The status has more of it than the trail: its strategies and app-config.
		sets = slices.DeleteFunc(slices.Clone(sets), func(s provedSet) bool { return s.generation == good.generation })
		sets = append(sets, good)
	}
	for _, set := range slices.Backward(sets) {
		if set.generation == to || to == "" && !set.asked(now) {
			return set, nil
		}
	}
	if to != "" {
		return provedSet{}, fmt.Errorf("generation %s was never proved; gatehouse plugin history shows which were", to)
	}
	return provedSet{}, fmt.Errorf("there is no other generation that was proved")
}

// asked says that the configuration asks for this set.
func (s provedSet) asked(now config.Plugins) bool {
	if len(now.Packages) != len(s.packages) {
		return false
	}
	return !slices.ContainsFunc(now.Packages, func(p config.Package) bool {
		other, found := s.packages[string(p.Name)]
		return !found || other.Version != p.Version || other.Integrity != p.Integrity
	})
}

// stranger is a package of the set that the gate never let in as it is there, "" when
// there is none. The status is anybody's who may write a ConfigMap; the audit trail
// is not.
func (s provedSet) stranger(records []trail.Record) string {
	seen := func(p config.Package) bool {
		return slices.ContainsFunc(records, func(r trail.Record) bool {
			known := r.Action == trail.VerifyPlugin || r.Action == trail.Install || r.Action == trail.Upgrade
			return known && r.Outcome == trail.Succeeded && r.Plugin != nil && *r.Plugin == p.Ref() && r.Integrity == p.Integrity.Sum()
		})
	}
	for _, name := range slices.Sorted(maps.Keys(s.packages)) {
		if p := s.packages[name]; !seen(p) {
			return p.Ref().String()
		}
	}
	return ""
}

// goodSet is the last good generation of the status, with all that made it; the
// zero set when there is none.
func goodSet(found status.Status) (provedSet, error) {
	if found.LastGood.Generation == "" || len(found.LastGood.Request) == 0 || string(found.LastGood.Request) == "null" {
		return provedSet{}, nil
	}
	var request install.SetRequest
	if err := json.Unmarshal(found.LastGood.Request, &request); err != nil {
		return provedSet{}, fmt.Errorf("read the last good generation: %w", err)
	}
	set := provedSet{found.LastGood.Generation, map[string]config.Package{}}
	for _, p := range request.Plugins {
		strategy := config.PluginStrategy(p.Strategy)
		pkg := config.Package{
			Name: config.PackageName(p.Name), Version: config.PackageVersion(p.Version),
			Integrity: config.Integrity(p.Integrity.String()), Strategy: &strategy,
		}
		if err := yaml.Unmarshal([]byte(p.AppConfig), &pkg.AppConfig); err != nil {
			return provedSet{}, fmt.Errorf("read the last good generation: the app-config of %s: %w", p.Name, err)
		}
		set.packages[p.Name] = pkg
	}
	return set, nil
}

// over are the packages of a set as configuration has them: in its order, with
// what it says of each beside version and integrity; returned are those of which
// it says nothing.
func (s provedSet) over(now config.Plugins) (list []config.Package, returned []string) {
	whole := maps.Clone(s.packages)
	for _, old := range now.Packages {
		pkg, wanted := whole[string(old.Name)]
		if !wanted {
			continue
		}
		delete(whole, string(old.Name))
		next := old
		next.Version, next.Integrity = pkg.Version, pkg.Integrity
		if pkg.Strategy != nil { // the set knows these too
			next.AppConfig = pkg.AppConfig
			if now.StrategyOf(old) != plugins.Strategy(*pkg.Strategy) {
				next.Strategy = pkg.Strategy
			}
		}
		list = append(list, next)
	}
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		pkg := whole[name]
		if pkg.Strategy != nil && string(*pkg.Strategy) == string(now.InstallMode) {
			pkg.Strategy = nil
		}
		list, returned = append(list, pkg), append(returned, name)
	}
	return list, returned
}
