package web

import (
	"context"
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
	to, err := url.Parse(got.Header.Get("Location"))
	if err != nil || got.Header.Get("Location") == "" {
		return began, nil
	}
	query := to.Query()
	began.Scheme, began.Host, began.Path = to.Scheme, to.Hostname(), to.Path
	began.ClientID, began.State = query.Get("client_id") != "", query.Get("state") != ""
	began.ResponseType, began.RedirectURI = query.Get("response_type"), withoutQuery(query.Get("redirect_uri"))
	return began, nil
}
