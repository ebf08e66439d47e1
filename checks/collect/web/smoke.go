package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"

	"gatehouse/checks/evidence"
)

func readersOfSmoke(c *Collector) []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.SmokeHomepage, "GET of the portal's first page", c.homepage),
		evidence.Read(evidence.SmokeHealth, "GET of the API's health document",
			func(ctx context.Context) (evidence.HealthDocument, error) { return c.health(ctx, c.documents()[1]) }),
		evidence.Read(evidence.SmokePlugins, "GET of the plugin listing with the smoke tests' token", c.plugins),
		evidence.Read(evidence.SmokeLogin, "POST of the smoke tests' user and password; then of a user who does not exist", c.login),
	}
}

func (c *Collector) homepage(ctx context.Context) (evidence.Homepage, error) {
	at := page(c.portal, "/")
	got, err := c.get(ctx, at)
	start := bytes.ToLower(bytes.TrimSpace(got.Body[:min(len(got.Body), 1024)]))
	return evidence.Homepage{
		URL: at, Status: got.Status, ContentType: got.Header.Get("Content-Type"), Bytes: len(got.Body),
		HTML: bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html")),
	}, err
}

func (c *Collector) plugins(ctx context.Context) (evidence.PluginListing, error) {
	listing := evidence.PluginListing{URL: page(c.api, c.target.Plugins)}
	token, err := c.target.Token.Resolve(ctx)
	if err != nil || token == "" {
		return listing, missing("the smoke tests have no token of the API", "set web.token to where one is")
	}
	got, err := c.get(ctx, listing.URL, bearer(token))
	if err != nil {
		return listing, err
	}
	listing.Status = got.Status
	var body struct {
		Success bool `json:"success"`
		Data    struct {
			Plugins []json.RawMessage `json:"plugins"`
		} `json:"data"`
	}
	if got.Whole && json.Unmarshal(got.Body, &body) == nil {
		listing.Success, listing.Listed, listing.Count = body.Success, body.Data.Plugins != nil, len(body.Data.Plugins)
	}
	return listing, nil
}

func (c *Collector) login(ctx context.Context) (evidence.Login, error) {
	tried := evidence.Login{URL: page(c.api, c.target.Login)}
	password, err := c.target.Password.Resolve(ctx)
	if err != nil || password == "" || c.target.User == "" {
		return tried, missing("the smoke tests have nobody to sign in as", "set web.user, and web.password to where the password is")
	}
	got, token, err := c.signIn(ctx, c.target.User, password)
	if err != nil {
		return tried, err
	}
	tried.Status, tried.Token = got.Status, token != ""
	if token != "" {
		listed, err := c.get(ctx, page(c.api, c.target.Plugins), bearer(token))
		if err != nil {
			return tried, some{err}
		}
		tried.Accepted = listed.Status
	}
	// Not the same user: a wrong password counts towards a lock.
	nobody, _, err := c.signIn(ctx, "readiness-check-nobody", rand.Text())
	if err != nil {
		return tried, some{err}
	}
	tried.Impostor = nobody.Status
	return tried, nil
}

// signIn asks for a token. It is kept nowhere.
func (c *Collector) signIn(ctx context.Context, user, password string) (answer, string, error) {
	body, err := json.Marshal(map[string]string{"username": user, "password": password})
	if err != nil {
		return answer{}, "", err
	}
	got, err := c.send(ctx, http.MethodPost, page(c.api, c.target.Login), string(body), header("Content-Type", "application/json"))
	if err != nil {
		return got, "", err
	}
	var said struct {
		Token any `json:"token"`
	}
	if !got.Whole || !decodes(got.Body, &said) {
		return got, "", nil
	}
	token, _ := said.Token.(string)
	return got, strings.TrimSpace(token), nil
}
