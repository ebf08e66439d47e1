package web

import (
	"context"
	"net/http"
	"net/url"

	"gatehouse/checks/evidence"
)

func readersOfLogin(c *Collector) []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.WebLoginStart, "GET of where signing in begins, not following", c.loginStart),
	}
}

func (c *Collector) loginStart(ctx context.Context) (evidence.LoginStart, error) {
	at := page(c.api, c.target.LoginStart)
	began := evidence.LoginStart{URL: withoutQuery(at)}
	got, err := c.get(ctx, at)
	if err != nil {
		return began, err
	}
	began.Status = got.Status
	to := location(got.Header)
	if to == nil {
		return began, nil
	}
	query := to.Query()
	began.Scheme, began.Host, began.Path = to.Scheme, to.Hostname(), to.Path
	began.ClientID, began.State = query.Get("client_id") != "", query.Get("state") != ""
	began.ResponseType, began.RedirectURI = query.Get("response_type"), withoutQuery(query.Get("redirect_uri"))
	return began, nil
}

// location is where an answer leads, nil when it leads nowhere.
func location(header http.Header) *url.URL {
	to, err := url.Parse(header.Get("Location"))
	if err != nil || header.Get("Location") == "" {
		return nil
	}
	return to
}
