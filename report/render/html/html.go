// Package html writes a readiness run as one HTML file that needs nothing else:
// it opens from disk, without a network and without JavaScript, and prints.
//
// What is shown stands in report/readiness, and is computed there. Here it is
// put in its place: every text as escaped text, every reference as a link to
// where the thing stands in the file. The page's only script opens and hides
// what is already there.
package html

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"gatehouse/report/readiness"
)

//go:embed templates/*.tmpl
var templates embed.FS

//go:embed report.css
var styles string

//go:embed report.js
var script string

// document is the whole page.
var document = template.Must(template.New("page.tmpl").Funcs(functions).ParseFS(templates, "templates/*.tmpl"))

// policy is the page's Content-Security-Policy (W3C CSP 3): its own style and
// script by their digests, and nothing else from anywhere.
var policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
	source(styles), source(script))

// source is a text as a hash-source of a Content-Security-Policy.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// frame is what the page's template is given.
type frame struct {
	page
	Policy string
	// Style and Script are elements of our own files: no text of a run is in
	// them.
	Style, Script template.HTML
}

// Write writes the run as an HTML document. now is when the report is made; the
// zero time leaves that out. The same run and time make the same bytes.
func Write(w io.Writer, r readiness.Run, now time.Time) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	err := document.Execute(buffered, frame{
		page: newPage(r, now), Policy: policy,
		Style:  template.HTML("<style>" + styles + "</style>"),   //nolint:gosec // our own file
		Script: template.HTML("<script>" + script + "</script>"), //nolint:gosec // our own file
	})
	if err != nil {
		return fmt.Errorf("write the HTML report of %s: %w", r.ID, err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write the HTML report of %s: %w", r.ID, err)
	}
	return nil
}
