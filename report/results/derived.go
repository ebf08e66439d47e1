package results

import (
	"fmt"

	"gatehouse/report/readiness"
)

// derived looks at the items that views, layers and steps name: one that is not
// there would be a claim about nothing.
func derived(run readiness.Run) error {
	items := map[string]bool{}
	for _, item := range run.Items {
		items[item.ID] = true
	}
	there := func(at string, ids []string) error {
		for i, id := range ids {
			if !items[id] {
				return fmt.Errorf("%s[%d]: no item is named %s", at, i, quoted(id))
			}
		}
		return nil
	}
	for i, layer := range run.Layers {
		if err := there(fmt.Sprintf("layers[%d].items", i), layer.Items); err != nil {
			return err
		}
	}
	for i, framework := range run.Frameworks {
		for k, control := range framework.Controls {
			at := fmt.Sprintf("frameworks[%d].controls[%d]", i, k)
			if err := there(at+".items", control.Items); err != nil {
				return err
			}
			covered := len(control.Items)+len(control.Rules) > 0
			if covered == (control.Status == readiness.NotCovered) {
				return fmt.Errorf("%s.status: %s, with %d items and %d rules that look at it", at, control.Status, len(control.Items), len(control.Rules))
			}
		}
	}
	return there("coverage.vacuous", run.Coverage.Vacuous)
}
