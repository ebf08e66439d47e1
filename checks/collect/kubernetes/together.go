package kubernetes

import (
	"errors"
	"slices"
	"sync"
)

// atOnce does things that do not wait for each other at the same time, since
// each is calls to a server that may be far away. Errors come in the order of
// the things.
func atOnce(things ...func() error) error {
	errs := make([]error, len(things))
	var group sync.WaitGroup
	for i, do := range things {
		group.Go(func() { errs[i] = do() })
	}
	group.Wait()
	return errors.Join(errs...)
}

// together lists several kinds at once. What they take comes in the order of the
// lists, whichever answers first, so that the same cluster is the same evidence.
func together[T any](lists ...func(take func(T)) error) ([]T, error) {
	parts, things := make([][]T, len(lists)), make([]func() error, len(lists))
	for i, list := range lists {
		things[i] = func() error { return list(func(found T) { parts[i] = append(parts[i], found) }) }
	}
	err := atOnce(things...)
	return slices.Concat([]T{}, slices.Concat(parts...)), err
}
