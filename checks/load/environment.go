package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"

	"gatehouse/checks/target"
)

// environment is what the script is told. The token goes this way and not by
// arguments, which everybody on the machine can read.
func (o Options) environment(ctx context.Context, at target.Web, summary string) ([]string, Provenance, error) {
	if at.API == "" {
		at.API = at.Portal
	}
	for name, url := range map[string]string{"web.portal": at.Portal, "web.api": at.API} {
		if !strings.HasPrefix(url, "https://") {
			return nil, Provenance{}, fmt.Errorf("%s is no URL that begins with https://", name)
		}
	}
	token, err := at.Token.Resolve(ctx)
	if err != nil {
		return nil, Provenance{}, err
	}
	hosts, err := addresses(at.Resolve)
	if err != nil {
		return nil, Provenance{}, err
	}
	insecure := false
	env := inherited()
	if at.CA != "" {
		// Go's programs read it on Linux and the BSDs; others ask the system alone.
		env = append(env, "SSL_CERT_FILE="+at.CA)
		if insecure = runtime.GOOS == "darwin" || runtime.GOOS == "windows"; insecure && !loopback(at.Resolve) {
			return nil, Provenance{}, errors.New("add web.ca to the system's authorities: k6 takes no other on this system")
		}
	}
	for name, value := range map[string]string{
		"PORTAL_PAGE": join(at.Portal, "/"), "API_HEALTH": join(at.API, orUsual(at.APIHealth, "/healthcheck")),
		"PLUGINS": join(at.API, orUsual(at.Plugins, "/v1/plugins")), "TOKEN": token,
		"VUS": strconv.Itoa(o.VUs), "DURATION": o.Duration.String(), "HOSTS": hosts,
		"INSECURE":      strconv.FormatBool(insecure),
		"P95_MS":        strconv.FormatFloat(float64(o.P95.Microseconds())/1000, 'f', -1, 64),
		"FAILED_RATE":   strconv.FormatFloat(o.Failed, 'f', -1, 64),
		"CHECKS_RATE":   strconv.FormatFloat(o.Checks, 'f', -1, 64),
		"PAUSE_SECONDS": strconv.FormatFloat(o.Pause.Seconds(), 'f', -1, 64),
		"SUMMARY":       summary,
		// Nothing is told to anybody, and nothing is fetched.
		"K6_NO_USAGE_REPORT": "true", "K6_AUTO_EXTENSION_RESOLUTION": "false",
	} {
		env = append(env, name+"="+value)
	}
	return env, Provenance{
		Portal: at.Portal, API: at.API, VUs: o.VUs, DurationSeconds: o.Duration.Seconds(),
		Authenticated: token != "", Verified: !insecure,
	}, nil
}

// inherited is the environment less what would change k6's options.
func inherited() []string {
	var kept []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "K6_") {
			kept = append(kept, pair)
		}
	}
	return kept
}

// addresses are the target's, as k6's option hosts has them: IP:port by host.
func addresses(resolve map[string]string) (string, error) {
	hosts := map[string]string{}
	for name, address := range resolve {
		host, port, err := net.SplitHostPort(address)
		if err != nil || net.ParseIP(host) == nil {
			return "", fmt.Errorf("web.resolve of %s is %q; k6 wants IP:port", name, address)
		}
		// The addresses of plain HTTP are not asked.
		if !strings.HasSuffix(name, ":80") {
			hosts[name] = net.JoinHostPort(host, port)
		}
	}
	text, err := json.Marshal(hosts)
	return string(text), err
}

func loopback(resolve map[string]string) bool {
	for _, address := range resolve {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return false
		}
	}
	return len(resolve) > 0
}

func orUsual(path, usual string) string {
	if path == "" {
		return usual
	}
	return path
}

func join(base, path string) string { return strings.TrimSuffix(base, "/") + path }
