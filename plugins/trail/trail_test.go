package trail_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/trail"
)

var start = time.Date(2026, 11, 22, 10, 15, 0, 123456789, time.UTC)

func event(n int) trail.Record {
	return trail.Record{
		Time: start.Add(time.Duration(n) * time.Minute), Actor: "alice@example.com", Action: trail.Install,
		Plugin:    &plugins.Ref{Name: "@backstage/plugin-catalog", Version: fmt.Sprintf("1.%d.0", n)},
		Integrity: plugins.IntegrityOf([64]byte{byte(n), 1}), Reason: fmt.Sprintf("change %d", n),
		Exceptions: []trail.Exception{{Step: "signature", Reason: "our mirror has none"}},
		Gate:       &trail.Gate{Digest: trail.HashOf([]byte("gate")), Steps: []trail.Step{{Name: "exists", Verdict: "passed"}, {Name: "signature", Verdict: "waived"}}},
		Generation: "g-0123", Outcome: trail.Succeeded,
	}
}

// memory is a log for properties that need many.
type memory struct {
	mutex sync.Mutex
	kept  map[int64][]byte
}

func (m *memory) String() string { return "memory" }

func (m *memory) List(context.Context) (l trail.Listing, _ error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for sequence := range m.kept {
		l.Places = append(l.Places, trail.Place{Sequence: sequence})
	}
	slices.SortFunc(l.Places, func(a, b trail.Place) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return l, nil
}

func (m *memory) Read(_ context.Context, p trail.Place) ([]byte, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.kept[p.Sequence], nil
}

func (m *memory) Create(_ context.Context, sequence int64, content []byte) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if _, there := m.kept[sequence]; there {
		return trail.ErrExists
	}
	m.kept[sequence] = content
	return nil
}

// chain is a good chain of n records.
func chain(t require.TestingT, n int) []trail.Record {
	log := &memory{kept: map[int64][]byte{}}
	var records []trail.Record
	for i := range n {
		r, err := trail.Append(context.Background(), log, event(i))
		require.NoError(t, err)
		records = append(records, r)
	}
	return records
}

func kinds(problems []trail.Problem) (all []trail.Kind) {
	for _, p := range problems {
		all = append(all, p.Kind)
	}
	return all
}
