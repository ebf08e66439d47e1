package portal

import (
	"context"
	"net/http"
	"sync"
)

// Health is the guide's health document.
type Health struct {
	// Status is "healthy" or "unhealthy".
	Status   string   `json:"status"`
	Services Services `json:"services"`
}

// Services are "connected" or "disconnected".
type Services struct {
	Database string `json:"database"`
	Cache    string `json:"cache"`
}

// health asks both stores at once. It says that one is gone, not why: the
// document is public.
func (o Options) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), askLimit)
	defer cancel()
	var database, cache error
	var asked sync.WaitGroup
	asked.Go(func() { database = o.Stores.Database(ctx) })
	asked.Go(func() { cache = o.Stores.Cache(ctx) })
	asked.Wait()
	document := Health{Status: "healthy", Services: Services{Database: word(database), Cache: word(cache)}}
	code := http.StatusOK
	if database != nil || cache != nil {
		document.Status, code = "unhealthy", http.StatusServiceUnavailable
	}
	answer(w, code, document)
}

func word(err error) string {
	if err != nil {
		return "disconnected"
	}
	return "connected"
}
