package artefact

import (
	"encoding/json"
	"errors"
	"fmt"

	"gatehouse/checks/evidence"
)

// k6Metric is one metric of a summary. There are two forms: that of
// --summary-export, whose figures lie beside the thresholds and whose
// thresholds are true when they were *crossed*; and that of handleSummary, with
// values and {ok: true}.
type k6Metric struct {
	Values     map[string]float64         `json:"values"`
	Thresholds map[string]json.RawMessage `json:"thresholds"`
	plain      map[string]float64
}

func (m *k6Metric) UnmarshalJSON(text []byte) error {
	type plain k6Metric
	if err := json.Unmarshal(text, (*plain)(m)); err != nil {
		return err
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	m.plain = map[string]float64{}
	for name, value := range fields {
		if number, is := value.(float64); is {
			m.plain[name] = number
		}
	}
	return nil
}

func (m k6Metric) value(names ...string) float64 {
	for _, name := range names {
		if v, has := m.Values[name]; has {
			return v
		}
		if v, has := m.plain[name]; has {
			return v
		}
	}
	return 0
}

func parseK6(file evidence.ArtefactFile, text []byte) ([]evidence.LoadTest, error) {
	var summary struct {
		Metrics map[string]k6Metric `json:"metrics"`
		State   struct {
			Milliseconds float64 `json:"testRunDurationMs"`
		} `json:"state"`
	}
	if err := fromJSON(text, &summary); err != nil {
		return nil, err
	}
	if summary.Metrics == nil {
		return nil, errors.New("it has no metrics: write it with k6 run --summary-export")
	}
	file.Format = "k6"
	requests, iterations := summary.Metrics["http_reqs"], summary.Metrics["iterations"]
	test := evidence.LoadTest{
		ArtefactFile: file, VUs: int(summary.Metrics["vus"].value("max")),
		Seconds: summary.State.Milliseconds / 1000, Requests: int(requests.value("count")),
		// A rate is its value in the one form, and rate in the other.
		Failed:     summary.Metrics["http_req_failed"].value("rate", "value"),
		P95:        summary.Metrics["http_req_duration"].value("p(95)"),
		Thresholds: map[string]bool{},
	}
	// --summary-export leaves the duration out; a count and its rate hold it.
	for _, counter := range []k6Metric{requests, iterations} {
		if rate := counter.value("rate"); test.Seconds == 0 && rate > 0 {
			test.Seconds = counter.value("count") / rate
		}
	}
	for name, metric := range summary.Metrics {
		for condition, outcome := range metric.Thresholds {
			held, err := thresholdHeld(outcome)
			if err != nil {
				return nil, fmt.Errorf("the threshold %s of %s: %w", condition, name, err)
			}
			test.Thresholds[name+": "+condition] = held
		}
	}
	return []evidence.LoadTest{test}, nil
}

func thresholdHeld(outcome json.RawMessage) (bool, error) {
	var crossed bool
	if json.Unmarshal(outcome, &crossed) == nil {
		return !crossed, nil
	}
	var said struct {
		OK *bool `json:"ok"`
	}
	if err := json.Unmarshal(outcome, &said); err != nil || said.OK == nil {
		return false, errors.New("it does not say whether it held")
	}
	return *said.OK, nil
}
