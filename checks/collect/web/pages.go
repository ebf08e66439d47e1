package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"gatehouse/checks/evidence"
)

// nowhere is a path that no portal has.
const nowhere = "/readiness-check/no-such-page"

func readersOfPages(c *Collector) []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.WebPages, "GET of a page, a health document, an unknown path, a refused one and a redirect, with the Origin "+evidence.ForeignOrigin,
			func(ctx context.Context) ([]evidence.Page, error) {
				return each(ctx, c.pages(), c.page)
			}),
	}
}

// visit is a page and what sort of answer it is there for.
type visit struct{ url, sort string }

// pages are answers of every sort. A portal that is down for everybody answers
// 5xx to all of them, and then those are looked at.
func (c *Collector) pages() []visit {
	return []visit{
		{page(c.portal, "/"), evidence.PageOK},
		{page(c.api, c.target.APIHealth), evidence.PageOK},
		{page(c.portal, nowhere), evidence.PageNotFound},
		{page(c.api, nowhere), evidence.PageNotFound},
		{page(c.api, c.target.Plugins), evidence.PageUnauthorized},
		{page(c.api, c.target.LoginStart), evidence.PageRedirect},
	}
}

func (c *Collector) page(ctx context.Context, at visit) (evidence.Page, error) {
	got, err := c.get(ctx, at.url, header("Origin", evidence.ForeignOrigin))
	if got.Header == nil {
		return evidence.Page{}, err
	}
	h := got.Header
	seen := evidence.Page{
		URL: withoutQuery(at.url), Sort: at.sort, Status: got.Status,
		StrictTransportSecurity: h.Get("Strict-Transport-Security"),
		ContentSecurityPolicy:   strings.Join(h.Values("Content-Security-Policy"), ", "),
		ReportOnly:              h.Get("Content-Security-Policy-Report-Only"),
		FrameOptions:            strings.Join(h.Values("X-Frame-Options"), ", "),
		ContentTypeOptions:      h.Get("X-Content-Type-Options"),
		ReferrerPolicy:          h.Get("Referrer-Policy"),
		Server:                  h.Get("Server"),
		PoweredBy:               h.Get("X-Powered-By"),
		AllowOrigin:             h.Get("Access-Control-Allow-Origin"),
		AllowCredentials:        h.Get("Access-Control-Allow-Credentials"),
	}
	for _, cookie := range (&http.Response{Header: h}).Cookies() {
		seen.Cookies = append(seen.Cookies, evidence.Cookie{Name: cookie.Name, Secure: cookie.Secure, HTTPOnly: cookie.HttpOnly})
	}
	if err != nil {
		err = some{err} // the headers came, the body did not
	}
	return seen, err
}

// withoutQuery is a URL without its query.
func withoutQuery(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	u.RawQuery, u.Fragment = "", ""
	return u.String()
}
