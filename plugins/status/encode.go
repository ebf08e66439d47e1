package status

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"sigs.k8s.io/yaml"

	"gatehouse/plugins/trail"
)

// The keys of the ConfigMap.
const (
	keyGeneration = "generation"
	keyPhase      = "phase"
	keySince      = "since"
	keyPlugins    = "plugins.yaml"
	keyGood       = "last-good-generation"
	keyRequest    = "last-good-request.json"
	keyFailure    = "last-failure.yaml"
	keyCheck      = "last-check.yaml"
	keyTrail      = "trail-head"
	// keyDigest is over all others, so that what was changed by hand shows.
	keyDigest = "digest"
)

// MaxSize is the most bytes that are written: some less than the 1 MiB that
// Kubernetes lets a ConfigMap have.
const MaxSize = 1<<20 - 4096

// encode makes the ConfigMap's data of a status that is settled.
func encode(s Status) (map[string]string, error) {
	list, err := yaml.Marshal(s.Plugins)
	if err != nil {
		return nil, fmt.Errorf("write the plugins: %w", err)
	}
	failure, err := yaml.Marshal(s.Failure)
	if err != nil {
		return nil, fmt.Errorf("write the failure: %w", err)
	}
	check, err := yaml.Marshal(s.Check)
	if err != nil {
		return nil, fmt.Errorf("write the check: %w", err)
	}
	data := map[string]string{
		keyGeneration: s.Generation,
		keyPhase:      string(s.Phase),
		keySince:      s.Since.Format(time.RFC3339),
		keyPlugins:    string(list),
		keyGood:       s.LastGood.Generation,
		keyRequest:    string(s.LastGood.Request),
		keyFailure:    string(failure),
		keyCheck:      string(check),
		keyTrail:      s.TrailHead.String(),
	}
	data[keyDigest] = digest(data)
	size := 0
	for key, value := range data {
		size += len(key) + len(value)
	}
	if size > MaxSize {
		return nil, fmt.Errorf("the status has %d bytes, of which the last good request has %d, and a ConfigMap takes %d: make app-config fragments shorter",
			size, len(s.LastGood.Request), MaxSize)
	}
	return data, nil
}

// digest is over keys and values, each with its length so that none can be mistaken
// for another.
func digest(data map[string]string) string {
	sum := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if key != keyDigest {
			fmt.Fprintf(sum, "%d %s %d %s\n", len(key), key, len(data[key]), data[key])
		}
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

// decode reads what encode writes and nothing else. No data at all is the zero
// status: the ConfigMap may be there before the first plugin.
func decode(data map[string]string) (s Status, err error) {
	if len(data) == 0 {
		return Status{}.settled()
	}
	for _, key := range []string{keyGeneration, keyPhase, keySince, keyPlugins, keyGood, keyRequest, keyFailure, keyTrail, keyDigest} {
		if _, found := data[key]; !found {
			return s, fmt.Errorf("its key %s is missing", key)
		}
	}
	// Without keyCheck nobody has looked yet: an installer of before knew of no look.
	if data[keyDigest] != digest(data) {
		return s, errors.New("it was changed by hand: its digest is not that of what it says")
	}
	s.Generation, s.Phase, s.LastGood.Generation = data[keyGeneration], Phase(data[keyPhase]), data[keyGood]
	if s.Since, err = time.Parse(time.RFC3339, data[keySince]); err != nil {
		return s, fmt.Errorf("its key %s: %w", keySince, err)
	}
	if err := yaml.UnmarshalStrict([]byte(data[keyPlugins]), &s.Plugins); err != nil {
		return s, fmt.Errorf("its key %s: %w", keyPlugins, err)
	}
	if err := yaml.UnmarshalStrict([]byte(data[keyFailure]), &s.Failure); err != nil {
		return s, fmt.Errorf("its key %s: %w", keyFailure, err)
	}
	if err := yaml.UnmarshalStrict([]byte(data[keyCheck]), &s.Check); err != nil {
		return s, fmt.Errorf("its key %s: %w", keyCheck, err)
	}
	if s.LastGood.Request = json.RawMessage(data[keyRequest]); !json.Valid(s.LastGood.Request) {
		return s, fmt.Errorf("its key %s is no JSON", keyRequest)
	}
	if s.TrailHead, err = trail.ParseHead(data[keyTrail]); err != nil {
		return s, fmt.Errorf("its key %s: %w", keyTrail, err)
	}
	return s, s.check()
}
