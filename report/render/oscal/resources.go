package oscal

import (
	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
)

// toolName is the component that found everything.
const toolName = "gatehouse"

// sources are the systems that were read, in order of first appearance.
type sources struct {
	names []string
	known map[string]bool
}

// component is the UUID of a system that was read.
func (d *document) component(source string) string {
	s := &d.sources
	if s.known == nil {
		s.known = map[string]bool{}
	}
	if !s.known[source] {
		s.known[source] = true
		s.names = append(s.names, source)
	}
	return d.id("component", "source "+source)
}

// components are the tool, and the systems that observations are of. It is asked
// for after them.
func (d *document) components() []types.SystemComponent {
	operational := types.SystemComponentStatus{State: "operational"}
	tool := types.SystemComponent{
		UUID: d.id("component", toolName), Type: "software", Title: toolName, Status: operational,
		Description: "Reads the systems of an environment and judges the checklist.",
	}
	for _, v := range d.run.Versions {
		if v.Name == toolName {
			tool.Props = props("version", v.Version)
		}
	}
	out := []types.SystemComponent{tool}
	for _, name := range d.sources.names {
		out = append(out, types.SystemComponent{
			UUID: d.id("component", "source "+name), Type: "service", Title: said(name), Status: operational,
			Description: "A system of the environment that was read.",
		})
	}
	return out
}

// checklist and report are the bundle's files that the document refers to.
func (d *document) checklist() string { return d.id("resource", "\x00checklist") }
func (d *document) report() string    { return d.id("resource", "\x00report") }

// backMatter are the files of the evidence bundle.
func (d *document) backMatter() *types.BackMatter {
	file := func(id, title, href, media, sha256 string) types.Resource {
		link := types.ResourceLink{Href: href, MediaType: media}
		if sha256 != "" {
			link.Hashes = &[]types.Hash{{Algorithm: "SHA-256", Value: text(sha256)}}
		}
		return types.Resource{UUID: id, Title: said(title), Rlinks: &[]types.ResourceLink{link}}
	}
	out := []types.Resource{
		file(d.checklist(), "The checklist", "checklist.yaml", "application/yaml", ""),
		file(d.report(), "The report of the run", "report.json", "application/json", ""),
	}
	for _, e := range d.run.Evidence {
		if e.SHA256 != "" {
			out = append(out, file(d.id("resource", e.ID), e.ID, evidencePath(e.ID), "application/json", e.SHA256))
		}
	}
	return &types.BackMatter{Resources: &out}
}
