package run

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// watch asks the container's probes until ctx ends: it keeps started and ready, and
// calls unhealthy when the container is to be started again.
func (p *pod) watch(ctx context.Context, c *container, unhealthy func(why string)) {
	failed := false
	if probe := c.spec.StartupProbe; probe != nil {
		p.poll(ctx, c, probe, func(err error, _, failures int32) (stop bool) {
			if failed = failures >= probe.FailureThreshold; failed {
				unhealthy("startup probe failed: " + err.Error())
			}
			return failed || err == nil
		})
	}
	if failed || ctx.Err() != nil {
		return
	}
	p.change(func() { c.started, c.ready = ctx.Err() == nil, ctx.Err() == nil && c.spec.ReadinessProbe == nil })
	if probe := c.spec.LivenessProbe; probe != nil {
		go p.poll(ctx, c, probe, func(err error, _, failures int32) (stop bool) {
			if stop = failures >= probe.FailureThreshold; stop {
				unhealthy("liveness probe failed: " + err.Error())
			}
			return stop
		})
	}
	if probe := c.spec.ReadinessProbe; probe != nil {
		p.poll(ctx, c, probe, func(_ error, successes, failures int32) (stop bool) {
			if successes >= probe.SuccessThreshold || failures >= probe.FailureThreshold {
				p.change(func() { c.ready = successes > 0 && ctx.Err() == nil })
			}
			return false
		})
	}
}

// poll asks a probe until tell says that it is enough or ctx ends. tell gets how
// often it has succeeded or failed in a row; the other is 0.
func (p *pod) poll(ctx context.Context, c *container, probe *corev1.Probe, tell func(err error, successes, failures int32) bool) {
	if !pause(ctx, time.Duration(probe.InitialDelaySeconds)*time.Second) {
		return
	}
	var successes, failures int32
	for {
		err := p.ask(ctx, c, probe)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			successes, failures = successes+1, 0
		} else {
			successes, failures = 0, failures+1
		}
		if tell(err, successes, failures) || !pause(ctx, time.Duration(max(1, probe.PeriodSeconds))*time.Second) {
			return
		}
	}
}

// probing asks pods directly and follows no redirect, as a kubelet does.
var probing = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// ask asks a probe once. One that is neither HTTP nor TCP is taken to succeed.
func (p *pod) ask(ctx context.Context, c *container, probe *corev1.Probe) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(max(1, probe.TimeoutSeconds))*time.Second)
	defer cancel()
	switch {
	case probe.HTTPGet != nil:
		get := probe.HTTPGet
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, probeURL(get, p.probed(c, get.Host, get.Port)), nil)
		if err != nil {
			return err
		}
		for _, header := range get.HTTPHeaders {
			request.Header.Add(header.Name, header.Value)
		}
		response, err := probing.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode < 200 || response.StatusCode >= 400 {
			return fmt.Errorf("HTTP probe failed with statuscode: %d", response.StatusCode)
		}
	case probe.TCPSocket != nil:
		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.probed(c, probe.TCPSocket.Host, probe.TCPSocket.Port))
		if err != nil {
			return err
		}
		return connection.Close()
	}
	return nil
}

// probed is the address of a port of the container.
func (p *pod) probed(c *container, host string, port intstr.IntOrString) string {
	if host == "" {
		host = p.local.String()
	}
	number := port.IntValue()
	for _, named := range c.spec.Ports {
		if port.Type == intstr.String && named.Name == port.StrVal {
			number = int(named.ContainerPort)
		}
	}
	return net.JoinHostPort(host, strconv.Itoa(number))
}

func probeURL(get *corev1.HTTPGetAction, address string) string {
	u := url.URL{Scheme: strings.ToLower(string(get.Scheme)), Host: address}
	if u.Scheme == "" {
		u.Scheme = "http"
	}
	u.Path, u.RawQuery, _ = strings.Cut(get.Path, "?")
	return u.String()
}
