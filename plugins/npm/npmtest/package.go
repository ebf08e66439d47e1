package npmtest

import (
	"crypto/sha1" // npm's old sum, beside the one that counts
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/tarball/tarballtest"
)

// Package is what is to be published.
type Package struct {
	Name, Version string
	// Fields are those of package.json but for name and version, as JSON would
	// have them. Main is dist/index.cjs.js and the role backend-plugin by default.
	Fields map[string]any
	// Files are those beside package.json by path. One that loads and does
	// nothing is there by default.
	Files map[string]string
	// Raw is the tarball instead of one that is made from the files.
	Raw []byte
	// Deprecated is the publisher's message.
	Deprecated string
	// Time is when it was published; [Published] by default.
	Time time.Time
	// Attestations is what the registry answers for them, such as
	// {"attestations":[…]}; none by default.
	Attestations json.RawMessage
	// Lies are told in this order.
	Lies []Lie
}

// Publication is what was published.
type Publication struct {
	Ref       plugins.Ref
	Integrity plugins.Integrity
	Tarball   []byte
}

// published is a publication as the registry keeps it.
type published struct {
	Publication
	time         time.Time
	document     map[string]any // as below versions
	attestations json.RawMessage
}

// Manifest is a package's package.json as it is in its tarball.
func (p Package) Manifest() map[string]any {
	manifest := map[string]any{
		"main": "dist/index.cjs.js", "license": "Apache-2.0",
		"backstage": map[string]any{"role": "backend-plugin"},
	}
	maps.Copy(manifest, p.Fields)
	manifest["name"], manifest["version"] = p.Name, p.Version
	return manifest
}

// tarball is the package's tarball: the same package gives the same bytes.
func (r *Registry) tarball(p Package) []byte {
	r.t.Helper()
	if p.Raw != nil {
		return p.Raw
	}
	manifest, err := json.Marshal(p.Manifest())
	require.NoError(r.t, err)
	files := map[string]string{"package.json": string(manifest)}
	if p.Files == nil {
		files["dist/index.cjs.js"] = "exports.default = {};\n"
	}
	maps.Copy(files, p.Files)
	return tarballtest.Pack(r.t, files)
}

// make is all that the registry serves of a package. The lock is held.
func (r *Registry) make(p Package) *published {
	r.t.Helper()
	ref := plugins.Ref{Name: p.Name, Version: p.Version}
	require.NoError(r.t, ref.Check())
	content := r.tarball(p)
	integrity, weak := plugins.IntegrityOf(sha512.Sum512(content)), sha1.Sum(content)
	dist := map[string]any{
		"tarball": r.URL.String() + TarballPath(ref), "integrity": integrity.String(), "shasum": hex.EncodeToString(weak[:]),
		"fileCount": 1 + max(1, len(p.Files)), "unpackedSize": len(content),
	}
	document := p.Manifest()
	document["_id"], document["dist"] = ref.String(), dist
	if p.Deprecated != "" {
		document["deprecated"] = p.Deprecated
	}
	if p.Attestations != nil {
		dist["attestations"] = map[string]any{
			"url":        r.URL.String() + AttestationsPath(ref),
			"provenance": map[string]any{"predicateType": "https://slsa.dev/provenance/v1"},
		}
	}
	made := &published{Publication: Publication{ref, integrity, content}, time: p.Time, document: document, attestations: p.Attestations}
	if made.time.IsZero() {
		made.time = Published
	}
	if len(r.keys) > 0 {
		SignedBy(r.keys[0])(ref, document)
	}
	for _, lie := range p.Lies {
		lie(ref, document)
	}
	return made
}

// distOf is a document's dist.
func distOf(document map[string]any) map[string]any {
	dist, is := document["dist"].(map[string]any)
	if !is {
		panic(fmt.Sprintf("%v has no dist any more", document["_id"]))
	}
	return dist
}
