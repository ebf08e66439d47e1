package fronttest

import (
	"context"
	"sync"
	"time"

	"gatehouse/sandbox/front/portal"
)

// Stores are a database and a cache in memory, which fail when told to.
type Stores struct {
	mu              sync.Mutex
	database, cache error
	plugins         []portal.Plugin
	sessions        map[string]bool
}

// NewStores returns stores that answer, with one plugin.
func NewStores() *Stores {
	return &Stores{plugins: []portal.Plugin{{Name: "catalog", Version: "1.15.0"}}, sessions: map[string]bool{}}
}

// BreakDatabase has the database answer with an error; nil mends it.
func (s *Stores) BreakDatabase(err error) { s.locked(func() { s.database = err }) }

// BreakCache has the cache answer with an error; nil mends it.
func (s *Stores) BreakCache(err error) { s.locked(func() { s.cache = err }) }

// SetPlugins says what the database lists.
func (s *Stores) SetPlugins(plugins ...portal.Plugin) { s.locked(func() { s.plugins = plugins }) }

func (s *Stores) locked(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// Database is [portal.Stores]'s.
func (s *Stores) Database(context.Context) (err error) { s.locked(func() { err = s.database }); return }

// Cache is [portal.Stores]'s.
func (s *Stores) Cache(context.Context) (err error) { s.locked(func() { err = s.cache }); return }

// Plugins is [portal.Stores]'s.
func (s *Stores) Plugins(context.Context) (list []portal.Plugin, err error) {
	s.locked(func() { list, err = s.plugins, s.database })
	return
}

// Remember is [portal.Stores]'s.
func (s *Stores) Remember(_ context.Context, token string, _ time.Duration) (err error) {
	s.locked(func() { s.sessions[token], err = true, s.cache })
	return
}

// Known is [portal.Stores]'s.
func (s *Stores) Known(_ context.Context, token string) (known bool, err error) {
	s.locked(func() { known, err = s.sessions[token], s.cache })
	return
}
