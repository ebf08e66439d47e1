package npmtest

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"

	"gatehouse/plugins"
)

// KeysPath is where the keys are.
const KeysPath = "/-/npm/v1/keys"

// DocumentPath is where a package's document is.
func DocumentPath(name string) string { return "/" + strings.Replace(name, "/", "%2f", 1) }

// TarballPath is where a tarball is.
func TarballPath(ref plugins.Ref) string {
	return "/" + ref.Name + "/-/" + path.Base(ref.Name) + "-" + ref.Version + ".tgz"
}

// AttestationsPath is where a version's attestations are.
func AttestationsPath(ref plugins.Ref) string {
	return "/-/npm/v1/attestations/" + strings.Replace(ref.Name, "/", "%2f", 1) + "@" + ref.Version
}

// ServeHTTP answers as a registry does.
func (r *Registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	at := request.URL.EscapedPath()
	r.mu.Lock()
	r.requests = append(r.requests, Request{at, request.Header.Clone()})
	fault := r.faults[at]
	r.mu.Unlock()
	if fault != nil {
		fault(r.done, http.HandlerFunc(r.answer)).ServeHTTP(w, request)
		return
	}
	r.answer(w, request)
}

func (r *Registry) answer(w http.ResponseWriter, request *http.Request) {
	kind, content := r.find(request.URL.EscapedPath())
	switch {
	case request.Method != http.MethodGet:
		http.Error(w, `{"error":"method not allowed"}`, http.StatusMethodNotAllowed)
	case content == nil:
		http.Error(w, `{"error":"Not found"}`, http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(content)
	}
}

// find is what is at a path, nil for nothing.
func (r *Registry) find(at string) (kind string, content []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if at == KeysPath {
		return "application/json", r.keysDocument()
	}
	for name, all := range r.packages {
		if at == DocumentPath(name) {
			return "application/json", r.document(name)
		}
		for _, p := range all {
			switch at {
			case TarballPath(p.Ref):
				return "application/octet-stream", p.Tarball
			case AttestationsPath(p.Ref):
				return "application/json", p.attestations
			}
		}
	}
	return "", nil
}

func (r *Registry) keysDocument() []byte {
	if len(r.keys) == 0 {
		return nil
	}
	var keys []any
	for _, key := range r.keys {
		keys = append(keys, key.JSON())
	}
	content, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		panic(err) // strings alone
	}
	return content
}
