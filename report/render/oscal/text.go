package oscal

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/google/uuid"

	"gatehouse/report/readiness"
	"gatehouse/report/render/visible"
)

// namespace qualifies the names of our own properties.
const namespace = "urn:gatehouse:oscal"

// space is the namespace of all UUIDs (RFC 9562, version 5).
var space = uuid.NewSHA1(uuid.NameSpaceURL, []byte(namespace))

// id is the UUID of one thing of the run: the same run has the same.
func (d *document) id(kind, name string) string {
	return uuid.NewSHA1(space, []byte(d.run.ID+"\x00"+kind+"\x00"+name)).String()
}

// text is a text as OSCAL's strings must be: one visible line without spaces
// around it.
func text(s string) string { return visible.Line(s) }

// said is a text where there must be one.
func said(s string) string { return cmp.Or(text(s), "not said") }

// foreign is what no token holds, and token is one (OSCAL's TokenDatatype).
var (
	foreign = regexp.MustCompile(`[^\p{L}\p{N}._-]+`)
	tokens  = regexp.MustCompile(`^(\p{L}|_)(\p{L}|\p{N}|[.\-_])*$`)
)

// token makes a token of a name. A token begins with a letter or an underscore.
func token(name string) string {
	out := strings.Trim(foreign.ReplaceAllString(strings.ToValidUTF8(name, "-"), "-"), "-")
	if !tokens.MatchString(out) {
		return "_" + out
	}
	return out
}

// props are properties of our own from names and values, without those that have
// no value.
func props(pairs ...string) *[]types.Property {
	var out []types.Property
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := text(pairs[i+1]); value != "" {
			out = append(out, types.Property{Name: pairs[i], Value: value, Ns: namespace})
		}
	}
	return list(out)
}

// list is a list as OSCAL has it: not there rather than empty.
func list[T any](all []T) *[]T {
	if len(all) == 0 {
		return nil
	}
	return &all
}

// span is from when to when the run was.
type span struct{ start, end time.Time }

// spanOf ends with the run, or with what was read last.
func spanOf(r readiness.Run) span {
	const longest = 1e9 // seconds; more is no time of a run
	s := span{start: r.Started.UTC()}
	s.end = s.start.Add(time.Duration(min(r.Seconds, longest) * float64(time.Second)))
	for _, e := range r.Evidence {
		if at := e.At.UTC(); at.After(s.end) {
			s.end = at
		}
	}
	return s
}

// lastMoment is the end of the last day on which a statement holds; nil when it
// names none.
func lastMoment(day string) *time.Time {
	begin, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	end := begin.AddDate(0, 0, 1).Add(-time.Second)
	return &end
}
