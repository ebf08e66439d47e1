package aws

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// callLimit bounds one AWS API call with its retries; a stalled emulator is told after it. The emulator loads a service
// at its first call, which takes seconds on a busy machine.
const callLimit = 30 * time.Second

var errNotConfigured = errors.New("the stand-in has no endpoint: set AWS_ENDPOINT_URL (`gatehouse sandbox env` prints it)")

// CheckConfig accepts provider inputs that the real provider has.
func (p *standIn) CheckConfig(_ context.Context, req plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	parsed := fromJSON(req.News).ObjectValue().Copy()
	for _, own := range []resource.PropertyKey{"version", "pluginDownloadURL"} { // the engine's own
		delete(parsed, own)
	}
	failures := checkObject("", parsed, inputsOf(&Resource{Args: aws.ProviderArgs{}}))
	return plugin.CheckConfigResponse{Properties: req.News, Failures: failures}, nil
}

// DiffConfig finds that a provider never needs replacement.
func (p *standIn) DiffConfig(context.Context, plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return plugin.DiffConfigResponse{Changes: plugin.DiffUnknown}, nil
}

// Configure binds the stand-in to an emulator on this machine. The endpoint comes from the provider's input
// `endpoints` or from AWS_ENDPOINT_URL; it is refused unless it is plain http to a loopback address. Credentials
// are always the sandbox's fakes.
func (p *standIn) Configure(_ context.Context, req plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	in := unwrap(fromJSON(req.Inputs).ObjectValue())
	if err := refuseElsewhere(in); err != nil {
		return plugin.ConfigureResponse{}, fmt.Errorf("configure the sandbox's AWS provider: %w", err)
	}
	endpoint, err := endpointOf(in, os.Getenv("AWS_ENDPOINT_URL"))
	if err != nil {
		return plugin.ConfigureResponse{}, fmt.Errorf("configure the sandbox's AWS provider: %w", err)
	}
	region, _ := in["region"].(string)
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if region == "" {
			region = os.Getenv(name)
		}
	}
	if region == "" {
		return plugin.ConfigureResponse{}, errors.New("configure the sandbox's AWS provider: no region: set aws:region in the stack's configuration")
	}
	p.clients = newClients(endpoint, region)
	if tags := fromJSON(req.Inputs).ObjectValue()["defaultTags"]; tags.IsObject() && tags.ObjectValue()["tags"].IsObject() {
		p.defaultTags = defaultTags(tags.ObjectValue()["tags"].ObjectValue())
	}
	return plugin.ConfigureResponse{}, nil
}

// refuseElsewhere refuses provider inputs that would reach out of this machine or use real credentials.
func refuseElsewhere(in props) error {
	for _, name := range []string{"profile", "assumeRole", "assumeRoles", "assumeRoleWithWebIdentity", "httpProxy", "httpsProxy", "token"} {
		if v, ok := in[name]; ok && !isZero(v) {
			return fmt.Errorf("input %s is refused: the sandbox uses no real credentials and no proxy", name)
		}
	}
	return nil
}

// endpointOf finds the one endpoint of all services.
func endpointOf(in props, fallback string) (string, error) {
	found := []string{}
	list, _ := in["endpoints"].([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		for _, service := range sorted(m) {
			found = append(found, text(m[service]))
		}
	}
	slices.Sort(found)
	found = slices.Compact(found)
	switch {
	case len(found) > 1:
		return "", fmt.Errorf("endpoints differ between services (%s): the sandbox has one", strings.Join(found, ", "))
	case len(found) == 1:
		fallback = found[0]
	case fallback == "":
		return "", errNotConfigured
	}
	if err := requireLoopback(fallback); err != nil {
		return "", err
	}
	return fallback, nil
}

// requireLoopback refuses an endpoint that is not plain http to a loopback IP address or localhost.
func requireLoopback(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil {
		return fmt.Errorf("read endpoint: %w", err)
	}
	host := u.Hostname()
	ip, err := netip.ParseAddr(host)
	switch {
	case u.Scheme != "http", u.User != nil, u.Opaque != "", u.RawQuery != "", strings.Trim(u.Path, "/") != "":
	case host == "localhost", err == nil && ip.IsLoopback():
		return nil
	}
	return fmt.Errorf("endpoint %s is refused: the sandbox talks only to http://127.0.0.1:PORT or another loopback address", u.Redacted())
}

// loopbackClient is an HTTP client that can not leave this machine: it dials loopback addresses only, whatever a
// name resolves to, uses no proxy, and refuses redirects.
func loopbackClient() *http.Client {
	dialer := &net.Dialer{Timeout: 3 * time.Second, ControlContext: refuseRemote}
	return &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 64},
		CheckRedirect: func(req *http.Request, _ []*http.Request) error {
			return fmt.Errorf("redirect to %s is refused", req.URL.Redacted())
		},
	}
}

// refuseRemote is the dialer's last look at the address that a name resolved to.
func refuseRemote(_ context.Context, _, address string, _ syscall.RawConn) error {
	ip, err := netip.ParseAddrPort(address)
	if err != nil || !ip.Addr().IsLoopback() {
		return fmt.Errorf("connection to %s is refused: the sandbox talks only to this machine", address)
	}
	return nil
}

// fromJSON decodes provider inputs: the engine sends those that are not text as JSON.
func fromJSON(in resource.PropertyMap) resource.PropertyValue {
	out := resource.PropertyMap{}
	fields := properties(inputsOf(&Resource{Args: aws.ProviderArgs{}}))
	for k, v := range in {
		v = bareValue(v)
		out[k] = v
		f, ok := fields[string(k)]
		if !ok || !v.IsString() || deref(f.Type).Kind() == reflect.String {
			continue
		}
		var parsed any
		if json.Unmarshal([]byte(v.StringValue()), &parsed) == nil {
			out[k] = resource.NewPropertyValue(parsed)
		}
	}
	return resource.NewObjectProperty(out)
}
