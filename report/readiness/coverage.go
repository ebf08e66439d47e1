package readiness

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// coverage says how much of what the run needed was read, in whole and by
// source, and what passed without being looked at.
func coverage(r Run) Coverage {
	c := Coverage{Sources: []SourceCoverage{}, Vacuous: []string{}, Unmatched: []string{}}
	at := map[string]int{}
	why := map[string]map[string]int{}
	for _, e := range r.Evidence {
		i, seen := at[e.Source]
		if !seen {
			i = len(c.Sources)
			at[e.Source], why[e.Source] = i, map[string]int{}
			c.Sources = append(c.Sources, SourceCoverage{Source: e.Source})
		}
		source := &c.Sources[i]
		switch {
		case e.Complete:
			c.Read++
			source.Read++
		case e.SHA256 != "" && !slices.Contains(nothing, e.SHA256):
			c.Partly++
			source.Partly++
		default:
			c.NotRead++
			source.NotRead++
		}
		for _, problem := range e.Problems {
			why[e.Source][problem.String()]++
		}
	}
	for i := range c.Sources {
		c.Sources[i].Problems = frequent(why[c.Sources[i].Source])
	}
	slices.SortFunc(c.Sources, func(a, b SourceCoverage) int { return cmp.Compare(a.Source, b.Source) })
	for _, item := range r.Items {
		if item.Vacuous {
			c.Vacuous = append(c.Vacuous, item.ID)
		}
	}
	if r.Policies != nil {
		for _, rule := range r.Policies.Rules {
			if !rule.Matched {
				c.Unmatched = append(c.Unmatched, rule.ID)
			}
		}
	}
	return c
}

// nothing are the digests of content that holds nothing: of a query that failed
// altogether, no part was read.
var nothing = []string{digest("null"), digest("[]"), digest("{}")}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// String is the problem in one line, with what to do about it.
func (p Problem) String() string {
	text := p.Kind + ": " + p.Message
	if p.Remedy != "" {
		text += "; " + p.Remedy
	}
	return text
}

// frequent are the texts, the most frequent first.
func frequent(times map[string]int) []string {
	texts := make([]string, 0, len(times))
	for text := range times {
		texts = append(texts, text)
	}
	slices.SortFunc(texts, func(a, b string) int {
		return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(a, b))
	})
	return texts
}
