package npm

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// npmHost is whose tarballs are fetched from the registry that is configured
// instead: mirrors serve npm's documents as they are. npm does so too (config,
// replace-registry-host: npmjs).
const npmHost = "registry.npmjs.org"

// hops is how many redirects are followed.
const hops = 5

// checkAddress refuses what is no place to ask.
func checkAddress(at *url.URL) error {
	switch {
	case at.Scheme != "https" && at.Scheme != "http" || at.Host == "":
		return fmt.Errorf("%q is no address: want https://HOST/PATH", at.Redacted())
	case at.User != nil:
		return fmt.Errorf("the address of %s has a name or password in it; give a token instead", at.Host)
	}
	return nil
}

// escape is a package's name as one element of a path, as npm sends it.
func escape(name string) string { return strings.Replace(name, "/", "%2f", 1) }

// elsewhere is an address that the registry gave, such as a tarball's.
func (c *Client) elsewhere(text string) (*url.URL, error) {
	at, err := url.Parse(text)
	if err != nil {
		// The text may be anything, so it is not repeated.
		return nil, fmt.Errorf("%w: what it gives as an address is none", ErrInvalid)
	}
	if err := checkAddress(at); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if at.Host == npmHost && c.registry.Host != npmHost {
		moved := c.registry.JoinPath(at.EscapedPath())
		moved.RawQuery = at.RawQuery
		return moved, nil
	}
	if c.registry.Scheme == "https" && at.Scheme != "https" {
		return nil, fmt.Errorf("%w: it is asked over https and sends us to http on %s", ErrInvalid, at.Host)
	}
	return at, nil
}

// ours tells whether an address is of the registry's origin, the only one that
// gets the token.
func (c *Client) ours(at *url.URL) bool {
	return at.Scheme == c.registry.Scheme && strings.EqualFold(hostPort(at), hostPort(c.registry))
}

func hostPort(at *url.URL) string {
	if at.Port() != "" {
		return at.Host
	}
	return at.Host + map[string]string{"http": ":80", "https": ":443"}[at.Scheme]
}

// redirect decides on each redirect. net/http keeps a token for subdomains; here
// another origin gets none.
func (c *Client) redirect(to *http.Request, via []*http.Request) error {
	switch from := via[len(via)-1].URL; {
	case len(via) > hops:
		return fmt.Errorf("%w: it redirects more than %d times", ErrInvalid, hops)
	case from.Scheme == "https" && to.URL.Scheme != "https":
		return fmt.Errorf("%w: it redirects from https to %s on %s", ErrInvalid, to.URL.Scheme, to.URL.Host)
	}
	if !c.ours(to.URL) {
		to.Header.Del("Authorization")
	}
	return nil
}
