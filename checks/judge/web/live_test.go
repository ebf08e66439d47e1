package web_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	collectdns "gatehouse/checks/collect/dns"
	"gatehouse/checks/collect/dns/dnstest"
	collectweb "gatehouse/checks/collect/web"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge/web"
	"gatehouse/checks/target"
	"gatehouse/sandbox/front"
	"gatehouse/sandbox/front/fronttest"
)

// zone is as the environment's should be.
var zone = []string{
	"portal.sandbox.test. 60 A 10.0.0.1",
	"api.portal.sandbox.test. 60 CNAME portal.sandbox.test.",
	`sandbox.test. 300 CAA 0 issue "amazon.com"`,
}

// stage is a portal, a name server, and what breaks in them.
type stage struct {
	*fronttest.Server
	names *dnstest.Server
	// fault, when set, answers in place of the portal; it returns false to let the
	// portal answer.
	fault atomic.Pointer[func(http.ResponseWriter, *http.Request) bool]
	at    target.Web
}

func (s *stage) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault := s.fault.Load(); fault == nil || !(*fault)(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

func newStage(t *testing.T) *stage {
	s := &stage{names: dnstest.New(t, zone...)}
	s.Server = fronttest.Portal(t, fronttest.Options{Wrap: s.wrap})
	token, password := filepath.Join(t.TempDir(), "token"), filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(token, []byte(fronttest.Token+"\n"), 0o600))
	require.NoError(t, os.WriteFile(password, []byte(fronttest.Password+"\n"), 0o600))
	resolve := map[string]string{}
	for host, address := range s.Resolve {
		resolve[host] = address
	}
	for _, host := range []string{fronttest.PortalHost, fronttest.APIHost} {
		resolve[host+":80"] = s.Plain
	}
	s.at = target.Web{
		Portal: s.PortalURL, API: s.APIURL, Resolve: resolve, CA: s.CA,
		Token: target.Secret{File: token}, User: fronttest.User, Password: target.Secret{File: password},
	}
	return s
}

func (s *stage) readers(t *testing.T) []evidence.Reader {
	c, err := collectweb.New(t.Context(), s.at, collectweb.Options{Burst: 200, Samples: 5})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	d, err := collectdns.New(t.Context(), target.DNS{
		Names: []string{fronttest.PortalHost, fronttest.APIHost}, Server: s.names.Address,
	})
	require.NoError(t, err)
	t.Cleanup(d.Close)
	return append(c.Readers(), d.Readers()...)
}

// nginx serves with faults until the test ends.
func (s *stage) nginx(f front.Faults) func(t *testing.T) {
	return func(t *testing.T) {
		s.Break(f)
		t.Cleanup(func() { s.Break(front.Faults{}) })
	}
}

// answers breaks the portal itself.
func (s *stage) answers(fault func(http.ResponseWriter, *http.Request) bool) func(t *testing.T) {
	return func(t *testing.T) {
		s.fault.Store(&fault)
		t.Cleanup(func() { s.fault.Store(nil) })
	}
}

// only breaks one path.
func (s *stage) only(path string, fault http.HandlerFunc) func(t *testing.T) {
	return s.answers(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == path {
			fault(w, r)
		}
		return r.URL.Path == path
	})
}

// adds has every answer carry a header more.
func (s *stage) adds(name, value string) func(t *testing.T) {
	return s.answers(func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Add(name, value)
		return false
	})
}

func (s *stage) gone(t *testing.T) { s.Stop(); t.Cleanup(s.Start) }
func (s *stage) hung(t *testing.T) { s.Pause(); t.Cleanup(s.Resume) }

// answers of the name server, in place of the zone's.
func (s *stage) dns(m dnstest.Manner) func(t *testing.T) {
	return func(t *testing.T) {
		s.names.Behave(m)
		t.Cleanup(func() { s.names.Behave(nil) })
	}
}

func (s *stage) zone(records ...string) func(t *testing.T) {
	return func(t *testing.T) {
		s.names.Set(t, records...)
		t.Cleanup(func() { s.names.Set(t, zone...) })
	}
}

func (s *stage) stranger(t *testing.T) {
	was := s.at
	s.at.Token, s.at.User = target.Secret{}, ""
	t.Cleanup(func() { s.at = was })
}

func TestLive(t *testing.T) {
	s := newStage(t)
	play := checkstest.Stage{
		Checkers: web.Checkers(), Thresholds: thresholds(t), Readers: s.readers, Limit: 4 * time.Second,
	}
	says := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); _, _ = w.Write([]byte(body)) }
	}
	scene := func(id string, broken func(*testing.T), found string, blind func(*testing.T), why string) checkstest.Scene {
		return checkstest.Scene{Checker: id, Break: broken, Found: found, Blind: blind, Why: why}
	}
	database := func(t *testing.T) {
		s.Stores.BreakDatabase(errors.New("gone"))
		t.Cleanup(func() { s.Stores.BreakDatabase(nil) })
	}
	cache := func(t *testing.T) {
		s.Stores.BreakCache(errors.New("gone"))
		t.Cleanup(func() { s.Stores.BreakCache(nil) })
	}
	slow := s.answers(func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-time.After(600 * time.Millisecond):
		case <-r.Context().Done():
		}
		return false
	})
	letsAnybodyIn := s.answers(func(_ http.ResponseWriter, r *http.Request) bool {
		r.Header.Set("Authorization", "Bearer "+fronttest.Token)
		return false
	})
	play.Play(t,
		scene("web-reachable", s.only("/healthcheck", says(502, "")), "answers 502", s.hung, "no answer within"),
		scene("tls-versions", s.nginx(front.Faults{Protocols: "TLSv1 TLSv1.2", Ciphers: "ALL:@SECLEVEL=0"}), "accepts TLS 1.0", s.hung, "no answer within"),
		scene("tls-chain", s.nginx(front.Faults{CertificateHosts: []string{"other.test"}}), "does not verify", s.gone, "unreachable"),
		scene("tls-expiry", s.nginx(front.Faults{Ends: time.Now().Add(5 * 24 * time.Hour)}), "in 4 days", s.gone, "unreachable"),
		scene("tls-ciphers", s.nginx(front.Faults{Ciphers: "ECDHE+AESGCM:ECDHE-ECDSA-AES128-SHA256"}), "AES_128_CBC_SHA256", s.gone, "unreachable"),
		scene("https-only", s.nginx(front.Faults{NoRedirect: true}), "answers 200 without TLS", s.hung, "no answer within"),
		scene("http-strict-transport-security", s.nginx(front.Faults{QuietErrors: true}), "Strict-Transport-Security is missing", s.gone, "unreachable"),
		scene("http-content-security-policy", s.nginx(front.Faults{ReportOnly: true}), "only reported", s.gone, "unreachable"),
		scene("http-frame-protection", s.nginx(front.Faults{NoHeaders: true}), "neither X-Frame-Options", s.gone, "unreachable"),
		scene("http-content-headers", s.nginx(front.Faults{NoHeaders: true}), "Referrer-Policy", s.gone, "unreachable"),
		scene("http-software-hidden", s.nginx(front.Faults{Versions: true}), `Server is "nginx/1`, s.gone, "unreachable"),
		scene("http-cross-origin", s.adds("Access-Control-Allow-Origin", "*"), "Access-Control-Allow-Origin: *", s.gone, "unreachable"),
		scene("http-cookies", s.adds("Set-Cookie", "session=1; HttpOnly"), "cookie session: it is not Secure", s.gone, "unreachable"),
		scene("api-refuses-strangers", letsAnybodyIn, "anybody may read it", s.gone, "unreachable"),
		scene("api-rate-limit", s.nginx(front.Faults{NoLimit: true}), "none with 429", s.hung, "no answer within"),
		scene("login-starts-at-provider", s.only("/auth/github/start", says(500, "")), "answers 500", s.gone, "unreachable"),
		scene("web-health-documents", database, "database is disconnected", s.hung, "no answer within"),
		scene("web-response-times", slow, "95 of 100 answers take up to 6", s.stranger, "set web.token"),
		scene("smoke-homepage", s.only("/", says(200, "it works")), "no HTML page", s.gone, "unreachable"),
		scene("smoke-health", cache, "cache is disconnected", s.gone, "unreachable"),
		scene("smoke-plugins", s.only("/v1/plugins", says(200, `{"success":false}`)), "no list at data.plugins", s.stranger, "set web.token"),
		scene("smoke-login", s.only("/auth/login", says(200, `{"user":"x"}`)), "token given: false", s.stranger, "set web.user"),
		scene("dns-names-resolve", s.zone(zone[2]), "NXDOMAIN", s.dns(dnstest.Says(dns.RcodeServerFailure)), "SERVFAIL"),
		scene("dns-aliases-hold", s.zone(zone[0], "api.portal.sandbox.test. 60 CNAME gone.cloud.test."), "gone.cloud.test, which does not exist", s.dns(dnstest.Silent), "no answer within"),
		scene("dns-times-to-live", s.zone(strings.Replace(zone[0], "60", "86400", 1), zone[1]), "kept for 24h", s.dns(dnstest.Says(dns.RcodeRefused)), "refuses to answer"),
		scene("dns-certificate-issuers", s.zone(zone[:2]...), "no CAA record", s.dns(dnstest.Silent), "no answer within"),
	)
}
