package web

import (
	"context"
	"encoding/json"

	"gatehouse/checks/evidence"
)

func readersOfHealth(c *Collector) []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.WebHealth, "GET of the portal's and the API's health documents",
			func(ctx context.Context) ([]evidence.HealthDocument, error) {
				return each(ctx, c.documents(), c.health)
			}),
	}
}

// document is a health document; api is whether it is the API's.
type document struct {
	url string
	api bool
}

func (c *Collector) documents() []document {
	return []document{
		{page(c.portal, c.target.PortalHealth), false},
		{page(c.api, c.target.APIHealth), true},
	}
}

func (c *Collector) health(ctx context.Context, at document) (evidence.HealthDocument, error) {
	said := evidence.HealthDocument{URL: at.url, API: at.api}
	got, err := c.get(ctx, at.url)
	if err != nil {
		return said, err
	}
	said.Status, said.ContentType = got.Status, got.Header.Get("Content-Type")
	var body struct {
		Status   any            `json:"status"`
		Services map[string]any `json:"services"`
	}
	if !got.Whole || !decodes(got.Body, &body) {
		return said, nil
	}
	said.JSON = true
	said.State, _ = body.Status.(string)
	for name, state := range body.Services {
		if said.Services == nil {
			said.Services = map[string]string{}
		}
		said.Services[name], _ = state.(string)
	}
	return said, nil
}

// decodes tells whether a body is JSON of the wanted shape. One that is not is a
// finding, not a failure of the reading.
func decodes(body []byte, into any) bool { return json.Unmarshal(body, into) == nil }
