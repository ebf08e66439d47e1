package lease

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// Memory grants leases within this process, by the same election: for commands that
// work on a folder of this machine, and for tests. The zero value is ready.
type Memory struct {
	mutex   sync.Mutex
	version int
	records map[string]versioned
}

type versioned struct {
	version int
	record  resourcelock.LeaderElectionRecord
}

// Acquire implements [Lease].
func (m *Memory) Acquire(ctx context.Context, name, owner string, ttl time.Duration) (*Held, error) {
	return hold(ctx, &slot{memory: m, name: name, owner: owner}, ttl)
}

// slot is one owner's view of one lease, with the optimistic locking of the API server.
type slot struct {
	memory      *Memory
	name, owner string
	seen        int
}

var leases = schema.GroupResource{Group: "coordination.k8s.io", Resource: "leases"}

func (s *slot) Get(ctx context.Context) (*resourcelock.LeaderElectionRecord, []byte, error) {
	s.memory.mutex.Lock()
	defer s.memory.mutex.Unlock()
	kept, there := s.memory.records[s.name]
	if !there {
		return nil, nil, apierrors.NewNotFound(leases, s.name)
	}
	s.seen = kept.version
	raw, err := json.Marshal(kept.record)
	return &kept.record, raw, err
}

func (s *slot) Create(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	s.memory.mutex.Lock()
	defer s.memory.mutex.Unlock()
	if _, there := s.memory.records[s.name]; there {
		return apierrors.NewAlreadyExists(leases, s.name)
	}
	s.put(record)
	return nil
}

func (s *slot) Update(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	s.memory.mutex.Lock()
	defer s.memory.mutex.Unlock()
	if s.memory.records[s.name].version != s.seen {
		return apierrors.NewConflict(leases, s.name, fmt.Errorf("another owner was faster"))
	}
	s.put(record)
	return nil
}

func (s *slot) put(record resourcelock.LeaderElectionRecord) {
	if s.memory.records == nil {
		s.memory.records = map[string]versioned{}
	}
	s.memory.version++
	s.seen = s.memory.version
	s.memory.records[s.name] = versioned{s.seen, record}
}

func (s *slot) RecordEvent(string) {}
func (s *slot) Identity() string   { return s.owner }
func (s *slot) Describe() string   { return s.name }
