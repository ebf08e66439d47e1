package metrics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/prometheus/client_golang/prometheus/push"

	"gatehouse/report/readiness"
)

// Job is the label job of what is pushed. Together with environment it is the
// group that a later run of the environment replaces as a whole: no series of an
// earlier one stays.
const Job = "gatehouse_readiness"

// Push gives the run's metrics to the Pushgateway at an http or https URL, which
// may hold a user and a password for basic authentication. It waits no longer
// than ctx, and follows no redirection: that would turn the push into a question.
// No error tells the password. A nil client is http.DefaultClient.
func Push(ctx context.Context, gateway string, run readiness.Run, client *http.Client) error {
	at, err := url.Parse(gateway)
	if err != nil || at.Host == "" || (at.Scheme != "http" && at.Scheme != "https") {
		// The parser's own words repeat what it was given.
		return errors.New("push metrics: the Pushgateway's address is no URL; give one such as http://pushgateway.monitoring:9091")
	}
	made, err := registry(run, nil)
	if err != nil {
		return fmt.Errorf("push metrics: %w", err)
	}
	if client == nil {
		client = http.DefaultClient
	}
	direct := *client
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	user := at.User
	at.User = nil
	pusher := push.New(at.String(), Job).Grouping("environment", run.Environment).Gatherer(made).Client(&direct)
	if user != nil {
		password, _ := user.Password()
		pusher = pusher.BasicAuth(user.Username(), password)
	}
	if err := pusher.PushContext(ctx); err != nil {
		return fmt.Errorf("push metrics of %s to %s: %w; is that a Pushgateway, and does a network policy let this in?", run.Environment, at, err)
	}
	return nil
}
