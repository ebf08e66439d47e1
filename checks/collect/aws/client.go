package aws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"

	"gatehouse/checks/target"
)

// Limits of one call.
const (
	dialTimeout = 4 * time.Second
	// attempts and longestBackoff keep all tries of a call within the ten
	// seconds that a query has.
	attempts       = 5
	firstBackoff   = 100 * time.Millisecond
	longestBackoff = 1500 * time.Millisecond
	// largestAnswer bounds one answer: a page of a thousand instances is 4 MiB.
	largestAnswer = 32 << 20
)

// configure makes the configuration of all clients. An endpoint means the
// emulator: fake credentials, and nothing of the user's own files.
func configure(ctx context.Context, at target.AWS, transport *http.Transport) (aws.Config, error) {
	client := &http.Client{Transport: limited{transport, at.Endpoint != ""}}
	retryer := func() aws.Retryer {
		// Not the SDK's adaptive mode: it waits two seconds and more for a turn
		// after one refusal. [paces] slows down instead.
		return retry.NewStandard(func(s *retry.StandardOptions) {
			s.MaxAttempts = attempts
			s.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
				return min(firstBackoff<<attempt, longestBackoff), nil
			})
			s.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(neverKnown)}, s.Retryables...)
		})
	}
	var c aws.Config
	if at.Endpoint != "" {
		if err := loopback(at.Endpoint); err != nil {
			return aws.Config{}, err
		}
		c = aws.Config{
			Region: at.Region, BaseEndpoint: aws.String(at.Endpoint), HTTPClient: client, Retryer: retryer,
			Credentials: credentials.NewStaticCredentialsProvider("sandbox", "sandbox", ""),
		}
	} else {
		var err error
		c, err = config.LoadDefaultConfig(ctx, config.WithRegion(at.Region), config.WithHTTPClient(client), config.WithRetryer(retryer))
		if err != nil {
			return aws.Config{}, fmt.Errorf("read the AWS configuration: %w", err)
		}
	}
	paces := newPaces()
	c.APIOptions = append(c.APIOptions,
		func(s *middleware.Stack) error { return explain(s, at.Region) },
		func(s *middleware.Stack) error { return paces.add(s) },
	)
	return c, nil
}

// loopback refuses endpoints on other machines: credentials must not go there.
func loopback(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil {
		return fmt.Errorf("read the endpoint: %w", err)
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("use the endpoint %s: it is not a loopback address; leave it out for AWS itself", endpoint)
	}
	return nil
}

func newTransport(emulated bool) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout}
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: dialTimeout, MaxIdleConnsPerHost: 16, IdleConnTimeout: 30 * time.Second,
	}
	if emulated {
		t.Proxy = nil // a proxy of the environment must not be asked for loopback
	}
	return t
}

// limited is a transport whose answers end at [largestAnswer].
type limited struct {
	next     http.RoundTripper
	emulated bool
}

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(r)
	if err == nil {
		// The emulator answers what it does not have with a page that says 500.
		html := strings.HasPrefix(response.Header.Get("Content-Type"), "text/html")
		if l.emulated && html && response.StatusCode == http.StatusInternalServerError {
			response.StatusCode = http.StatusNotImplemented
		}
		response.Body = &limitedBody{ReadCloser: response.Body, left: largestAnswer}
	}
	return response, err
}

var errTooLarge = errors.New("the answer is larger than 32 MiB")

type limitedBody struct {
	io.ReadCloser
	left int64
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n, errTooLarge
	}
	return n, err
}
