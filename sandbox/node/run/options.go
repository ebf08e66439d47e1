package run

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// parseOptions reads what the API server asks of a log: the fields of PodLogOptions
// as it writes them. The API server has checked them already.
func parseOptions(query url.Values) (corev1.PodLogOptions, error) {
	var o corev1.PodLogOptions
	for name, to := range map[string]*bool{"follow": &o.Follow, "previous": &o.Previous, "timestamps": &o.Timestamps} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		value, err := strconv.ParseBool(text)
		if err != nil {
			return o, fmt.Errorf("read %s: %w", name, err)
		}
		*to = value
	}
	for name, to := range map[string]**int64{"tailLines": &o.TailLines, "limitBytes": &o.LimitBytes, "sinceSeconds": &o.SinceSeconds} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil || value < 0 {
			return o, fmt.Errorf("read %s: %q is no count", name, text)
		}
		*to = &value
	}
	if text := query.Get("sinceTime"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return o, fmt.Errorf("read sinceTime: %w", err)
		}
		since := metav1.NewTime(at)
		o.SinceTime = &since
	}
	return o, nil
}
