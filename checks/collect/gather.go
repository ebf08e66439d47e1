// Package collect runs readers: all that are needed, at once, each within a time
// of its own, and keeps what each has read as evidence. Readers themselves live
// in the packages below, one a source.
package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

// Limits of a run. The zero value means the defaults.
type Limits struct {
	// Each is how long one query may take: 10 s.
	Each time.Duration
	// Whole is how long all of them may take: 2 min.
	Whole time.Duration
	// AtOnce is how many queries run at the same time: 64. Sources pace their
	// own calls beside it.
	AtOnce int
}

func (l Limits) orDefault() Limits {
	if l.Each == 0 {
		l.Each = 10 * time.Second
	}
	if l.Whole == 0 {
		l.Whole = 2 * time.Minute
	}
	if l.AtOnce == 0 {
		l.AtOnce = 64
	}
	return l
}

// Plan is what to read, from where.
type Plan struct {
	// Needs are the queries to read; readers of others are not run.
	Needs []evidence.Name
	// Readers read them. A need without a reader is a problem of the evidence.
	Readers []evidence.Reader
	// Missing says for a source why it has no readers.
	Missing map[evidence.Source]string
	// Identities tells who asks a source; it is called once, beside the queries,
	// and may be nil.
	Identities map[evidence.Source]func(context.Context) (string, error)
	// Redact takes secrets out of a text; nil leaves it.
	Redact func(string) string
	// Now is the clock.
	Now func() time.Time
	// Progress is told of each query as it ends, from several goroutines; may be
	// nil.
	Progress func(evidence.Name)
}

// Gather reads. It always returns an answer and a record for every need: when
// the context ends first, those that are missing are cancelled ones. A reader
// that does not keep to its deadline is left behind.
func Gather(ctx context.Context, p Plan, l Limits) (evidence.Facts, []readiness.Evidence) {
	l = l.orDefault()
	ctx, cancel := context.WithTimeout(ctx, l.Whole)
	defer cancel()
	needs := slices.Compact(slices.Sorted(slices.Values(p.Needs)))
	identities := p.identify(ctx, l)
	answers, records := make([]evidence.Answer, len(needs)), make([]readiness.Evidence, len(needs))
	var group errgroup.Group
	group.SetLimit(l.AtOnce)
	for i, name := range needs {
		group.Go(func() error {
			answers[i], records[i] = p.read(ctx, name, l.Each)
			if p.Progress != nil {
				p.Progress(name)
			}
			return nil
		})
	}
	_ = group.Wait()
	facts := evidence.Facts{}
	for i, name := range needs {
		facts[name] = answers[i]
		records[i].Identity = identities(evidence.Source(records[i].Source))
	}
	return facts, records
}

func (p Plan) read(ctx context.Context, name evidence.Name, limit time.Duration) (evidence.Answer, readiness.Evidence) {
	source, _, _ := strings.Cut(string(name), ".")
	record := readiness.Evidence{ID: string(name), Source: source, At: p.Now().UTC()}
	at := slices.IndexFunc(p.Readers, func(r evidence.Reader) bool { return r.Name == name })
	if at < 0 {
		problem := evidence.Problem{Kind: evidence.NotConfigured, Message: "nobody said where it is"}
		if why := p.Missing[evidence.Source(source)]; why != "" {
			problem.Message = why
		}
		return p.conclude(nil, []evidence.Problem{problem}, record)
	}
	reader := p.Readers[at]
	record.Query = reader.Statement
	value, err := bounded(ctx, limit, reader)
	record.Seconds = p.Now().UTC().Sub(record.At).Seconds()
	problems := evidence.Problems(err)
	for i, each := range problems {
		switch {
		case each.Kind == evidence.Denied && each.Remedy == "" && len(reader.Rights) > 0:
			problems[i].Remedy = "grant " + strings.Join(reader.Rights, ", ")
		case each.Kind == evidence.TimedOut && ctx.Err() == nil:
			problems[i].Message = within + limit.String()
			if which := each.Message; which != context.DeadlineExceeded.Error() { // a reader that knows where
				problems[i].Message = which + ": " + within + limit.String()
			}
		}
	}
	return p.conclude(value, problems, record)
}

// within begins the message of what took too long.
const within = "no answer within "

// bounded runs a reader that may not keep to its deadline, and may panic.
func bounded(ctx context.Context, limit time.Duration, r evidence.Reader) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type outcome struct {
		value any
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() {
			if failure := recover(); failure != nil {
				done <- outcome{nil, evidence.Problem{Kind: evidence.Failed, Message: fmt.Sprintf("reading it panicked: %v", failure)}}
			}
		}()
		value, err := r.Read(ctx)
		done <- outcome{value, err}
	}()
	select {
	case got := <-done:
		return got.value, got.err
	case <-ctx.Done():
		select { // what came at the last moment counts
		case got := <-done:
			return got.value, got.err
		case <-time.After(100 * time.Millisecond):
			return nil, ctx.Err()
		}
	}
}

// conclude makes the evidence of an answer: redacted, hashed, with its problems.
func (p Plan) conclude(value any, problems []evidence.Problem, record readiness.Evidence) (evidence.Answer, readiness.Evidence) {
	redact := p.Redact
	if redact == nil {
		redact = func(text string) string { return text }
	}
	for i := range problems {
		problems[i].Message = redact(problems[i].Message)
		record.Problems = append(record.Problems, readiness.Problem{
			Kind: string(problems[i].Kind), Message: problems[i].Message, Remedy: problems[i].Remedy,
		})
	}
	record.Complete = len(problems) == 0
	if value != nil {
		text, err := json.Marshal(value)
		if err != nil {
			problem := evidence.Problem{Kind: evidence.Invalid, Message: fmt.Sprintf("it cannot be written as JSON: %v", err)}
			return p.conclude(nil, append(problems, problem), record)
		}
		record.Content = []byte(redact(string(text)))
		sum := sha256.Sum256(record.Content)
		record.SHA256 = hex.EncodeToString(sum[:])
	}
	return evidence.Answer{Value: value, Problems: problems}, record
}

// identify asks every source once who asks.
func (p Plan) identify(ctx context.Context, l Limits) func(evidence.Source) string {
	ctx, cancel := context.WithTimeout(ctx, l.Each)
	answers := map[evidence.Source]chan string{}
	for source, ask := range p.Identities {
		answer := make(chan string, 1)
		answers[source] = answer
		go func() {
			who, err := ask(ctx)
			if err != nil {
				who = ""
			}
			answer <- who
		}()
	}
	known := map[evidence.Source]string{}
	return func(source evidence.Source) string {
		if answer, asked := answers[source]; asked {
			select {
			case known[source] = <-answer:
			case <-ctx.Done():
			}
			delete(answers, source)
			if len(answers) == 0 {
				cancel()
			}
		}
		return known[source]
	}
}
