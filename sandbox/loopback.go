package sandbox

import (
	"fmt"
	"net"
	"net/url"
)

// LoopbackURL checks that an endpoint can be nothing but a server on this
// machine, and returns it without a trailing slash.
func LoopbackURL(endpoint string) (string, error) {
	refuse := func(why string) error {
		return fmt.Errorf("refuse AWS endpoint %q: %s; the sandbox works only with a loopback address, such as http://127.0.0.1:5000", endpoint, why)
	}
	parsed, err := url.Parse(endpoint)
	if err != nil {
		return "", refuse("it is not a URL")
	}
	switch {
	case parsed.Scheme != "http" && parsed.Scheme != "https":
		return "", refuse("it does not start with http:// or https://")
	case parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" || (parsed.Path != "" && parsed.Path != "/"):
		return "", refuse("it has more than a host and a port")
	}
	// A name is not looked up: what it stands for can change. Only localhost is
	// taken, and only as the address that it must stand for.
	host := parsed.Hostname()
	if host == "localhost" {
		host = "127.0.0.1"
	}
	ip := net.ParseIP(host)
	if ip == nil || !ip.IsLoopback() {
		return "", refuse(fmt.Sprintf("%q is not a loopback address", parsed.Hostname()))
	}
	if parsed.Port() != "" {
		return parsed.Scheme + "://" + net.JoinHostPort(host, parsed.Port()), nil
	}
	if ip.To4() == nil {
		host = "[" + host + "]"
	}
	return parsed.Scheme + "://" + host, nil
}
