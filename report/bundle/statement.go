package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	attestation "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// PredicateType names what the statement says of the parts, and its version.
const PredicateType = "https://gatehouse.dev/readiness/v1"

// payloadType is in-toto's in a DSSE envelope.
const payloadType = "application/vnd.in-toto+json"

// Statement is an in-toto statement, v1
// (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md). It is
// in-toto's own type with a typed predicate; its JSON is always the same bytes,
// which that of a protobuf message is not.
type Statement struct {
	Type string `json:"_type"`
	// Subject are the parts, sorted by name.
	Subject       []Subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     Predicate `json:"predicate"`
}

// Subject is one part.
type Subject struct {
	Name   string `json:"name"`
	Digest Digest `json:"digest"`
}

// Digest is over the content of a part, in hexadecimal.
type Digest struct {
	SHA256 string `json:"sha256"`
}

// Predicate is what is stated of the parts: which run they are of, and how it
// came out.
type Predicate struct {
	// Run is the run's ID.
	Run         string `json:"run"`
	Environment string `json:"environment"`
	Account     string `json:"account,omitempty"`
	Region      string `json:"region,omitempty"`
	Sandbox     bool   `json:"sandbox"`
	// Started and Finished are the run's; nobody but the signer vouches for them.
	Started     time.Time `json:"started"`
	Finished    time.Time `json:"finished"`
	Interrupted bool      `json:"interrupted"`
	// Format is report.json's.
	Format string           `json:"format"`
	Counts readiness.Counts `json:"counts"`
	Failed bool             `json:"failed"`
	FailOn report.Severity  `json:"failOn"`
	Ready  bool             `json:"ready"`
	// Versions are those of what judged, gatehouse's among them, and of what was
	// judged.
	Versions   []readiness.Version  `json:"versions"`
	Identities []readiness.Identity `json:"identities"`
	Project    *readiness.Commit    `json:"project"`
}

// predicateOf says of a run what its report says.
func predicateOf(run readiness.Run) Predicate {
	return Predicate{
		Run: run.ID, Environment: run.Environment, Account: run.Account, Region: run.Region, Sandbox: run.Sandbox,
		Started: run.Started, Finished: run.Started.Add(time.Duration(run.Seconds * float64(time.Second))),
		Interrupted: run.Interrupted, Format: run.Format,
		Counts: run.Summary.Counts, Failed: run.Summary.Failed, FailOn: run.Summary.FailOn, Ready: run.Summary.Ready,
		Versions: run.Versions, Identities: run.Identities, Project: run.Project,
	}
}

// differences are the keys whose values two predicates do not share.
func (p Predicate) differences(other Predicate) ([]string, error) {
	mine, err := p.values()
	if err != nil {
		return nil, err
	}
	others, err := other.values()
	if err != nil {
		return nil, err
	}
	keys := maps.Clone(mine)
	maps.Copy(keys, others)
	var out []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if string(mine[key]) != string(others[key]) {
			out = append(out, key)
		}
	}
	return out, nil
}

func (p Predicate) values() (map[string]json.RawMessage, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("write the predicate: %w", err)
	}
	var out map[string]json.RawMessage
	return out, json.Unmarshal(text, &out)
}

// newStatement states what parts a bundle has.
func newStatement(files []File, predicate Predicate) Statement {
	s := Statement{Type: attestation.StatementTypeUri, PredicateType: PredicateType, Predicate: predicate}
	for _, f := range files {
		s.Subject = append(s.Subject, Subject{Name: f.Path, Digest: Digest{SHA256: f.SHA256}})
	}
	return s
}

// marshal writes the statement, if in-toto's own library finds it valid.
func (s Statement) marshal() ([]byte, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write the statement: %w", err)
	}
	return text, validate(text)
}

// parseStatement reads a statement of ours. Keys that it does not know are left
// out: a later version may say more.
func parseStatement(text []byte) (Statement, error) {
	var s Statement
	if err := validate(text); err != nil {
		return Statement{}, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return Statement{}, fmt.Errorf("read the statement: %w", err)
	}
	if s.PredicateType != PredicateType {
		base := PredicateType[:strings.LastIndex(PredicateType, "/")+1]
		if strings.HasPrefix(s.PredicateType, base) {
			return Statement{}, fmt.Errorf("its predicate is %q, which a newer gatehouse reads; this one reads %s", s.PredicateType, PredicateType)
		}
		return Statement{}, fmt.Errorf("it states %q, not a readiness run (%s)", s.PredicateType, PredicateType)
	}
	seen := map[string]bool{}
	for _, subject := range s.Subject {
		if err := checkPath(subject.Name); err != nil {
			return Statement{}, fmt.Errorf("read the statement: %w", err)
		}
		if seen[subject.Name] {
			return Statement{}, fmt.Errorf("it names %s twice", subject.Name)
		}
		seen[subject.Name] = true
		if len(subject.Digest.SHA256) != 64 {
			return Statement{}, fmt.Errorf("it has no SHA-256 of %s", subject.Name)
		}
	}
	return s, nil
}

// validate is in-toto's own opinion, but for the type: its library takes older ones
// too, which are written in another way.
func validate(text []byte) error {
	var message attestation.Statement
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, &message); err != nil {
		// The library's text differs from run to run, by design; what follows its
		// first words says no more than that it is not one.
		return errors.New("it is no in-toto statement")
	}
	if err := message.Validate(); err != nil {
		return fmt.Errorf("it is no valid in-toto statement: %w", err)
	}
	if message.GetType() != attestation.StatementTypeUri {
		return fmt.Errorf("it is no valid in-toto statement: wrong statement type %q, want %s", message.GetType(), attestation.StatementTypeUri)
	}
	return nil
}
