package run

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const (
	dialLimit = 10 * time.Second
	// apiService is the API server's own service, which has no endpoints here.
	apiService = "kubernetes.default.svc"
)

// proxy is an HTTP proxy that knows the cluster's addresses: those of pods, and the
// names NAME.NAMESPACE.svc of services. What is outside is reached as this process
// would.
type proxy struct {
	client kubernetes.Interface
	// server is the API server's URL.
	server  string
	forward *httputil.ReverseProxy
}

func newProxy(client kubernetes.Interface, server string) *proxy {
	p := &proxy{client: client, server: server}
	p.forward = &httputil.ReverseProxy{
		Rewrite:       func(*httputil.ProxyRequest) {},
		Transport:     &http.Transport{Proxy: p.upstream, DialContext: p.dial, IdleConnTimeout: time.Minute},
		FlushInterval: -1,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusBadGateway)
		},
	}
	return p
}

// upstream is the proxy of this process for what is outside of the cluster.
func (p *proxy) upstream(r *http.Request) (*url.URL, error) {
	if inside(r.URL.Hostname()) {
		return nil, nil //nolint:nilnil // how http says that there is none
	}
	return http.ProxyFromEnvironment(r)
}

// inside says whether the cluster knows a host.
func inside(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return podNet.Contains(address)
	}
	_, _, ok := service(host)
	return ok
}

// service reads NAME.NAMESPACE.svc and NAME.NAMESPACE.svc.cluster.local.
func service(host string) (name, namespace string, ok bool) {
	host = strings.TrimSuffix(strings.TrimSuffix(host, "."), ".cluster.local")
	parts := strings.Split(host, ".")
	if len(parts) != 3 || parts[2] != "svc" {
		return "", "", false
	}
	return parts[0], parts[1], true
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect {
		if !r.URL.IsAbs() {
			http.Error(w, "this is a proxy", http.StatusBadRequest)
			return
		}
		p.forward.ServeHTTP(w, r)
		return
	}
	there, err := p.tunnel(r.Context(), r.Host)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = there.Close() }() // what was sent has been sent
	here, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer func() { _ = here.Close() }()
	if _, err := io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	done := make(chan struct{}, 2)
	pipe := func(to io.Writer, from io.Reader) { _, _ = io.Copy(to, from); done <- struct{}{} }
	go pipe(there, buffered)
	go pipe(here, there)
	<-done
}

// tunnel connects to an address, through the proxy of this process when it has one
// for it.
func (p *proxy) tunnel(ctx context.Context, address string) (net.Conn, error) {
	via, err := p.upstream(&http.Request{URL: &url.URL{Scheme: "https", Host: address}})
	if err != nil || via == nil {
		return p.dial(ctx, "tcp", address)
	}
	connection, err := (&net.Dialer{Timeout: dialLimit}).DialContext(ctx, "tcp", via.Host)
	if err != nil {
		return nil, err
	}
	head := http.Header{}
	if via.User != nil {
		password, _ := via.User.Password()
		head.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(via.User.Username()+":"+password)))
	}
	ask := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: head}
	if err := ask.Write(connection); err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	answer, err := http.ReadResponse(bufio.NewReader(connection), ask) //nolint:bodyclose // of a CONNECT it is the connection
	if err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	if answer.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("connect to %s: the proxy says %s", address, answer.Status), connection.Close())
	}
	return connection, nil
}

// dial connects to an address of the cluster, or to another as it is.
func (p *proxy) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: dialLimit}
	name, namespace, named := service(host)
	if !named {
		if ip, err := netip.ParseAddr(host); err == nil {
			if local, pod := Loopback(ip); pod {
				address = net.JoinHostPort(local.String(), port)
			}
		}
		return dialer.DialContext(ctx, network, address)
	}
	addresses, err := p.endpoints(ctx, name, namespace, port)
	for _, address := range addresses { // one of a pod that pretends refuses
		var connection net.Conn
		if connection, err = dialer.DialContext(ctx, network, address); err == nil {
			return connection, nil
		}
	}
	return nil, fmt.Errorf("reach service %s/%s: %w", namespace, name, err)
}

// endpoints are the addresses of this machine that serve a port of a service; at
// least one without an error.
func (p *proxy) endpoints(ctx context.Context, name, namespace, port string) ([]string, error) {
	if name+"."+namespace+".svc" == apiService {
		server, err := url.Parse(p.server)
		if err != nil {
			return nil, err
		}
		return []string{server.Host}, nil
	}
	wanted, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	found, err := p.client.CoreV1().Services(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	slicesOf, err := p.client.DiscoveryV1().EndpointSlices(namespace).List(ctx,
		metav1.ListOptions{LabelSelector: discoveryv1.LabelServiceName + "=" + name})
	if err != nil {
		return nil, err
	}
	var addresses []string
	for _, served := range found.Spec.Ports {
		if int(served.Port) == wanted {
			addresses = append(addresses, ready(slicesOf.Items, served.Name)...)
		}
	}
	if len(addresses) == 0 {
		return nil, fmt.Errorf("no pod of it is ready on port %s", port)
	}
	slices.Sort(addresses)
	return addresses, nil
}

// ready are the addresses on this machine of the endpoints that are ready, for a
// port by its name.
func ready(all []discoveryv1.EndpointSlice, port string) []string {
	var addresses []string
	for _, slice := range all {
		for _, p := range slice.Ports {
			if p.Port == nil || (p.Name != nil && *p.Name != port) {
				continue
			}
			for _, endpoint := range slice.Endpoints {
				if endpoint.Conditions.Ready != nil && !*endpoint.Conditions.Ready {
					continue
				}
				for _, text := range endpoint.Addresses {
					if ip, err := netip.ParseAddr(text); err == nil {
						if local, ok := Loopback(ip); ok {
							addresses = append(addresses, netip.AddrPortFrom(local, uint16(*p.Port)).String())
						}
					}
				}
			}
		}
	}
	return addresses
}
