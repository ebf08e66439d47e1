// Package alertmanager reads an Alertmanager: its routes and receivers, its
// alerts and its silences. Whether they reach people is judged in
// checks/judge/operations; how its API is reached lives in httpapi.
package alertmanager

import (
	"context"
	"time"

	"gatehouse/checks/collect/httpapi"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// Collector reads one server. It is safe for concurrent use.
type Collector struct{ client *httpapi.Client }

// New makes a collector; it connects when a reader does.
func New(_ context.Context, t target.HTTP) (*Collector, error) {
	client, err := httpapi.New(t)
	if err != nil {
		return nil, err
	}
	return &Collector{client}, nil
}

// Readers are those of one server.
func (c *Collector) Readers() []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.AlertmanagerRoutes, "GET /api/v2/status", c.routing),
		evidence.Read(evidence.AlertmanagerAlerts, "GET /api/v2/alerts", c.alerts),
		evidence.Read(evidence.AlertmanagerSilences, "GET /api/v2/silences", c.silences),
	}
}

// Identity is the address that is asked, for Alertmanager knows no users.
func (c *Collector) Identity(context.Context) (string, error) { return c.client.Base.Host, nil }

// Close ends the connections.
func (c *Collector) Close() { c.client.Close() }

// The parts of Alertmanager's API, version 2, that decide. Pointers tell what
// is missing from what is empty.
type (
	status struct {
		Cluster struct {
			Status string `json:"status"`
			Peers  []struct {
				Name string `json:"name"`
			} `json:"peers"`
		} `json:"cluster"`
		Version struct {
			Version string `json:"version"`
		} `json:"versionInfo"`
		Config struct {
			Original string `json:"original"`
		} `json:"config"`
	}
	alert struct {
		Labels    map[string]string `json:"labels"`
		UpdatedAt time.Time         `json:"updatedAt"`
		Status    *struct {
			State string `json:"state"`
		} `json:"status"`
		Receivers []struct {
			Name string `json:"name"`
		} `json:"receivers"`
	}
	silence struct {
		ID       string    `json:"id"`
		By       string    `json:"createdBy"`
		Comment  string    `json:"comment"`
		EndsAt   time.Time `json:"endsAt"`
		Matchers []struct {
			Name    string `json:"name"`
			Value   string `json:"value"`
			IsRegex bool   `json:"isRegex"`
			// IsEqual is true when it is missing, as before version 0.22.
			IsEqual *bool `json:"isEqual"`
		} `json:"matchers"`
		Status *struct {
			State string `json:"state"`
		} `json:"status"`
	}
)

func (c *Collector) routing(ctx context.Context) (evidence.AlertmanagerRouting, error) {
	var s status
	if err := c.client.JSON(ctx, "/api/v2/status", &s); err != nil {
		return evidence.AlertmanagerRouting{}, err
	}
	if s.Config.Original == "" {
		return evidence.AlertmanagerRouting{}, lacks("status", "configuration")
	}
	routing, err := parse(s.Config.Original)
	routing.Version, routing.Cluster, routing.Peers = s.Version.Version, s.Cluster.Status, len(s.Cluster.Peers)
	return routing, err
}

func (c *Collector) alerts(ctx context.Context) ([]evidence.AlertmanagerAlert, error) {
	var read []alert
	if err := c.client.JSON(ctx, "/api/v2/alerts", &read); err != nil {
		return nil, err
	}
	if read == nil {
		return nil, lacks("alerts", "list")
	}
	alerts := []evidence.AlertmanagerAlert{}
	for _, a := range read {
		if a.Status == nil {
			return alerts, lacks("alerts", "status of an alert")
		}
		each := evidence.AlertmanagerAlert{Labels: a.Labels, State: a.Status.State, Updated: a.UpdatedAt, Receivers: []string{}}
		for _, r := range a.Receivers {
			each.Receivers = append(each.Receivers, r.Name)
		}
		alerts = append(alerts, each)
	}
	return alerts, nil
}

func (c *Collector) silences(ctx context.Context) ([]evidence.AlertmanagerSilence, error) {
	var read []silence
	if err := c.client.JSON(ctx, "/api/v2/silences", &read); err != nil {
		return nil, err
	}
	if read == nil {
		return nil, lacks("silences", "list")
	}
	silences := []evidence.AlertmanagerSilence{}
	for _, s := range read {
		if s.Status == nil {
			return silences, lacks("silences", "status of a silence")
		}
		each := evidence.AlertmanagerSilence{ID: s.ID, By: s.By, Comment: s.Comment, Ends: s.EndsAt, State: s.Status.State}
		for _, m := range s.Matchers {
			each.Matchers = append(each.Matchers, evidence.AlertmanagerMatcher{
				Name: m.Name, Value: m.Value, Regex: m.IsRegex, Equal: m.IsEqual == nil || *m.IsEqual,
			})
		}
		silences = append(silences, each)
	}
	return silences, nil
}

func lacks(what, part string) error {
	return evidence.Problem{
		Kind: evidence.Invalid, Message: "/api/v2/" + what + ": the answer has no " + part,
		Remedy: "look at the URL: is it an Alertmanager?",
	}
}
