package controllers

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"gatehouse/sandbox/metrics"
)

// applyRoutes gives Alertmanager the routes of the cluster, if it has any, with
// every receiver pointed at the sink: the sandbox tells nobody.
func (m Monitoring) applyRoutes(ctx context.Context, secrets []*unstructured.Unstructured) error {
	for _, secret := range secrets {
		encoded, found, _ := unstructured.NestedString(secret.Object, "data", routesKey)
		text, err := base64.StdEncoding.DecodeString(encoded)
		if !found || err != nil {
			continue
		}
		safe, err := Harmless(text, "http://"+m.Sink)
		if err != nil {
			log.Printf("monitoring: the routes in %s/%s are wrong and left out: %v", secret.GetNamespace(), routesSecret, err)
			continue
		}
		return m.writeRoutes(ctx, safe)
	}
	return nil
}

func (m Monitoring) writeRoutes(ctx context.Context, text []byte) error {
	if same(m.Routes, text) || same(m.Routes+refusedSuffix, text) {
		return nil
	}
	beside := m.Routes + ".new"
	if err := os.WriteFile(beside, text, 0o600); err != nil {
		return fmt.Errorf("write routes: %w", err)
	}
	defer func() { _ = os.Remove(beside) }()
	if why := refused(ctx, "amtool", "check-config", beside); why != "" {
		log.Printf("monitoring: the routes are wrong and left out: %s", why)
		return renameio.WriteFile(m.Routes+refusedSuffix, text, 0o600)
	}
	old, _ := os.ReadFile(m.Routes)
	if err := os.Rename(beside, m.Routes); err != nil {
		return fmt.Errorf("write routes: %w", err)
	}
	if err := metrics.Reload(ctx, m.Alertmanager); err != nil {
		// With the old file the next attempt sees the difference again.
		err = fmt.Errorf("have Alertmanager read the routes: %w", err)
		if len(old) == 0 {
			return err
		}
		return errors.Join(err, renameio.WriteFile(m.Routes, old, 0o600))
	}
	return nil
}

// Harmless returns an Alertmanager configuration with the same routes and
// receivers that can reach nothing but the sink, an URL. Integrations keep their
// kind where Alertmanager lets their address be chosen, and become webhooks
// elsewhere.
func Harmless(text []byte, sink string) ([]byte, error) {
	var config map[string]any
	if err := yaml.Unmarshal(text, &config); err != nil {
		return nil, fmt.Errorf("read Alertmanager's configuration: %w", err)
	}
	if config == nil {
		return nil, errors.New("read Alertmanager's configuration: it is empty")
	}
	delete(config, "global") // addresses, proxies and passwords of all receivers
	delete(config, "templates")
	receivers, _ := config["receivers"].([]any)
	for i, each := range receivers {
		receiver, ok := each.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("read Alertmanager's configuration: receiver %d is none", i+1)
		}
		receivers[i] = harmless(receiver, sink)
	}
	return yaml.Marshal(config)
}

func harmless(receiver map[string]any, sink string) map[string]any {
	safe := map[string]any{"name": receiver["name"]}
	var webhooks []any
	for key, value := range receiver {
		kind, integration := strings.CutSuffix(key, "_configs")
		list, _ := value.([]any)
		if !integration {
			continue
		}
		target := sink + "/" + kind
		for _, each := range list {
			old, _ := each.(map[string]any)
			made := map[string]any{"send_resolved": old["send_resolved"] == true}
			switch kind {
			case "slack":
				made["api_url"], made["channel"] = target, old["channel"]
			case "pagerduty":
				made["url"], made["routing_key"], made["severity"] = target, "sandbox", "critical"
			default:
				made["url"] = target
				webhooks = append(webhooks, made)
				continue
			}
			have, _ := safe[key].([]any)
			safe[key] = append(have, made)
		}
	}
	if len(webhooks) > 0 {
		safe["webhook_configs"] = webhooks
	}
	return safe
}

// serveSink takes whatever receivers are sent, until ctx ends.
func serveSink(ctx context.Context, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("serve the sink of alerts: %w", err)
	}
	server := &http.Server{
		Handler:           http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the sink of alerts: %w", err)
	}
	return ctx.Err()
}
