package web

import (
	"context"
	"net/http"
	"net/http/httptrace"

	"gatehouse/checks/evidence"
)

func readersOfReach(c *Collector) []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.WebReach, "HEAD of the portal's and the API's health documents (curl -I)",
			func(ctx context.Context) ([]evidence.Reach, error) {
				return each(ctx, c.documents(), c.reach)
			}),
	}
}

func (c *Collector) reach(ctx context.Context, at document) (evidence.Reach, error) {
	reached := evidence.Reach{URL: at.url}
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) { reached.Address = got.Conn.RemoteAddr().String() },
	})
	got, err := c.send(traced, http.MethodHead, at.url, "")
	reached.Status = got.Status
	return reached, err
}
