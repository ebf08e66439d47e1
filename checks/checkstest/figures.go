package checkstest

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checklist"
	"gatehouse/checks/judge"
)

// Figures are thresholds of the built-in checklist by their names, with the
// test's own laid over them. A name that no item has, or for which two items
// have different figures, is a mistake of the test.
func Figures(t *testing.T, own judge.Thresholds, names ...string) judge.Thresholds {
	t.Helper()
	items, err := listed()
	require.NoError(t, err)
	all, from := judge.Thresholds{}, map[string]string{}
	for _, item := range items {
		for name, value := range item.Thresholds {
			if !slices.Contains(names, name) {
				continue
			}
			if other, twice := from[name]; twice {
				require.Equal(t, all[name], value, "%s of %s and %s", name, other, item.ID)
			}
			all[name], from[name] = value, item.ID
		}
	}
	for _, name := range names {
		require.Contains(t, all, name, "no item has it")
	}
	return all.With(own)
}

// listed are the items of checks/checklist.yaml, which is above the folder of
// every test of a checker. They are read once.
var listed = sync.OnceValues(func() ([]checklist.Item, error) {
	folder, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for ; filepath.Base(folder) != "checks"; folder = filepath.Dir(folder) {
		if folder == filepath.Dir(folder) {
			return nil, errors.New("find checklist.yaml: no folder checks above this one")
		}
	}
	content, err := os.ReadFile(filepath.Join(folder, "checklist.yaml"))
	if err != nil {
		return nil, err
	}
	return checklist.Parse("checklist.yaml", content)
})
