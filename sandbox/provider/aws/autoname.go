package aws

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// autoname sets the row's name input when the program gives none: the logical name (or the given prefix) and seven
// hexadecimal digits. A recorded name is kept. Where the real provider takes the digits from a random seed, the
// stand-in takes them from the URN and the name that is being replaced: then a create whose answer was lost gets the
// same name again, and finds what it made instead of making a second one.
func (p *standIn) autoname(row *Resource, req plugin.CheckRequest, news resource.PropertyMap) {
	key := resource.PropertyKey(row.Name)
	if row.Name == "" || news.HasValue(key) {
		return
	}
	prefixed := news[key+"Prefix"]
	if old, ok := req.Olds[key]; ok && old.IsString() && (!prefixed.IsString() || strings.HasPrefix(old.StringValue(), prefixed.StringValue())) {
		news[key] = old
		return
	}
	p.mu.Lock()
	replaced := p.named[string(req.URN)]
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(string(req.URN) + "\n" + replaced))
	base := req.URN.Name() + "-"
	if prefixed.IsString() {
		base = prefixed.StringValue()
	}
	limit := row.NameMax
	if limit == 0 {
		limit = 63
	}
	if len(base) > limit-7 {
		base = base[:limit-7]
	}
	news[key] = resource.NewStringProperty(base + hex.EncodeToString(sum[:])[:7])
}

// autonamed reports whether a name looks like one that autoname gave.
func autonamed(logical, name string) bool {
	rest, ok := strings.CutPrefix(name, logical+"-")
	if !ok || len(rest) != 7 {
		return false
	}
	return strings.Trim(rest, "0123456789abcdef") == ""
}
