package evaluate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/pack"
)

// names are texts that rules do not look into. Rego sees a number in place of
// each, so that a rule is asked once for all resources that differ in their names
// alone; in what it says the names are put back.
type names struct {
	texts []string
	// plain is whether nothing is replaced, because the resource has characters
	// of ours.
	plain bool
}

// The numbers are characters of Unicode's private use. All of them begin with one
// byte, by which their absence is told quickly; quoted, with quotedNumber.
const (
	firstNumber, lastNumber = rune(0xe000), rune(0xefff)
	numberByte              = 0xee
	quotedNumber            = `\ue`
)

// words are texts that mean something to Kubernetes and are never names.
var words = []string{"", "default", "auto"}

// numbered is a value as Rego sees it: a text with a number for its name.
func (n *names) numbered(kind pack.Name, v resource.PropertyValue) resource.PropertyValue {
	if n == nil || n.plain || !v.IsString() {
		return v
	}
	text := v.StringValue()
	name, rest := text, ""
	if kind == pack.Image {
		name, rest = cutImage(text)
	}
	if slices.Contains(words, name) {
		return v
	}
	number := slices.Index(n.texts, name)
	if number < 0 {
		if number = len(n.texts); number > int(lastNumber-firstNumber) {
			return v
		}
		n.texts = append(n.texts, name)
	}
	return resource.NewStringProperty(string(firstNumber+rune(number)) + rest)
}

// cutImage cuts an image before its tag or digest, as lib/images.rego does: what
// stands before the first slash is a host when it has a dot or a port. What has a
// slash in its tag has no name, since a number before it would be a host.
func cutImage(text string) (name, rest string) {
	begin := 0
	if host, _, found := strings.Cut(text, "/"); found && !strings.Contains(host, "@") && (strings.ContainsAny(host, ".:") || host == "localhost") {
		begin = len(host) + 1
	}
	end := strings.IndexAny(text[begin:], ":@")
	switch {
	case end < 0:
		return text, ""
	case strings.Contains(text[begin+end:], "/"):
		return "", text
	}
	return text[:begin+end], text[begin+end:]
}

// named is a text with the names put back, also where Rego has quoted them, as it
// does what is inside a list.
func (n *names) named(text string) string {
	if !n.in(text) {
		return text
	}
	if strings.Contains(text, quotedNumber) {
		for i, name := range n.texts { // no name has a number in it
			text = strings.ReplaceAll(text, quoted(string(firstNumber+rune(i))), quoted(name))
		}
	}
	var out strings.Builder
	for _, r := range text {
		if number := int(r - firstNumber); number >= 0 && number < len(n.texts) {
			out.WriteString(n.texts[number])
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// in tells whether a text has a number for a name.
func (n *names) in(text string) bool {
	return n != nil && len(n.texts) > 0 && likeNumber(text)
}

// likeNumber tells whether a text has what may be a number.
func likeNumber(text string) bool {
	return strings.IndexByte(text, numberByte) >= 0 || strings.Contains(text, quotedNumber)
}

// misused tells whether a denial or change has a number elsewhere than in its
// message.
func (n *names) misused(set []any) bool {
	return len(n.texts) > 0 && slices.ContainsFunc(set, func(item any) bool {
		fields, _ := item.(map[string]any)
		return n.in(fmt.Sprint(fields["path"], fields["value"]))
	})
}

// knownNames are the reads of a rule, without names where a parameter makes it
// look into them.
func (e *Evaluator) knownNames(rule *pack.Rule, reads []pack.Read) []pack.Read {
	value := e.settings[rule.ID].Parameters[rule.Unless]
	if list, is := value.([]any); rule.Unless == "" || is && len(list) == 0 {
		return reads
	}
	for i := range reads {
		reads[i].Name = ""
	}
	return reads
}
