package front

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"github.com/google/renameio/v2"
)

// Config is how nginx serves.
type Config struct {
	// Dir holds its files; the authority's and the certificate's too.
	Dir string
	// Log is where its errors go.
	Log string
	// TLS, Plain and Status are ports on 127.0.0.1: HTTPS, the redirect to it,
	// and nginx's own figures.
	TLS, Plain, Status int
	// Hosts are the names that it answers to, the portal's first.
	Hosts []string
	// Upstream is host:port of the portal.
	Upstream string
	// TesterFile holds a bearer token whose requests are not limited: a load test
	// comes from one address, and a limit is for an address. "" is none.
	TesterFile string
	// After names the servers that must be ready first.
	After []string
	// Faults are what tests break; the zero value breaks nothing.
	Faults Faults
}

// Faults are ways of serving that a check must find.
type Faults struct {
	// Ends is when the certificate ends, instead of in 90 days.
	Ends time.Time
	// CertificateHosts are names that it holds for, instead of the hosts.
	CertificateHosts []string
	// Protocols are nginx's ssl_protocols, instead of "TLSv1.2 TLSv1.3", and
	// Ciphers its ssl_ciphers.
	Protocols, Ciphers string
	// NoHeaders leaves all security headers out; QuietErrors leaves them out of
	// errors; ReportOnly only reports breaches of the content
	// security policy; NoHSTS leaves that one header out; HSTSSeconds is another
	// max-age.
	NoHeaders, QuietErrors, ReportOnly, NoHSTS bool
	HSTSSeconds                                int
	// NoLimit lets anybody send as much as they like.
	NoLimit bool
	// NoRedirect serves the portal over plain HTTP.
	NoRedirect bool
	// Versions tells nginx's version to everybody.
	Versions bool
}

// Figures of the limits, as an environment's defaults are.
const (
	requestsPerSecond = 20
	burst             = 2 * requestsPerSecond
	bodyLimit         = "10m"
	hsts              = 31536000
)

//go:embed nginx.conf.tmpl
var text string

var configuration = template.Must(template.New("nginx.conf").Parse(text))

func (c Config) file() string { return filepath.Join(c.Dir, "nginx.conf") }

// Write makes the folder, the certificates and the configuration. It is safe to
// repeat: certificates that hold are kept.
func (c Config) Write(now time.Time) error {
	if err := makeFolder(filepath.Join(c.Dir, "temp")); err != nil {
		return err
	}
	authority, err := ensureAuthority(c.Dir, now)
	if err != nil {
		return err
	}
	hosts := c.Hosts
	if len(c.Faults.CertificateHosts) > 0 {
		hosts = c.Faults.CertificateHosts
	}
	if err := ensureLeaf(c.Dir, hosts, now, c.Faults.Ends, authority); err != nil {
		return err
	}
	return c.configure()
}

func (c Config) configure() error {
	var out bytes.Buffer
	if err := configuration.Execute(&out, c); err != nil { // reads the token too
		return fmt.Errorf("write nginx's configuration: %w", err)
	}
	if err := renameio.WriteFile(c.file(), out.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write nginx's configuration: %w", err)
	}
	return nil
}

// Tester is the token in TesterFile.
func (c Config) Tester() (string, error) {
	if c.TesterFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(c.TesterFile)
	return strings.TrimSpace(string(text)), err
}

// Protocols are the versions of TLS that it offers.
func (c Config) Protocols() string {
	if c.Faults.Protocols != "" {
		return c.Faults.Protocols
	}
	return "TLSv1.2 TLSv1.3"
}

// Headers are the security headers of every answer.
func (c Config) Headers() []Header {
	f := c.Faults
	if f.NoHeaders {
		return nil
	}
	policy := "Content-Security-Policy"
	if f.ReportOnly {
		policy += "-Report-Only"
	}
	return []Header{
		{policy, "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self' https://github.com"},
		{"X-Frame-Options", "DENY"},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "strict-origin-when-cross-origin"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
	}
}

// HSTS is the header over TLS; over plain HTTP it must not be sent (RFC 6797,
// section 7.2).
func (c Config) HSTS() []Header {
	if c.Faults.NoHeaders || c.Faults.NoHSTS {
		return nil
	}
	seconds := hsts
	if c.Faults.HSTSSeconds != 0 {
		seconds = c.Faults.HSTSSeconds
	}
	return []Header{{"Strict-Transport-Security", fmt.Sprintf("max-age=%d; includeSubDomains", seconds)}}
}

// Header is one of an answer.
type Header struct{ Name, Value string }

// Rate is how many requests a second one address may make.
func (c Config) Rate() int { return requestsPerSecond }

// Burst is how many requests more than Rate may come at once.
func (c Config) Burst() int { return burst }

// Body is how large a request's body may be.
func (c Config) Body() string { return bodyLimit }
