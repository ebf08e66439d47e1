package controllers

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"text/template"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

var externalSecrets = storesOf("externalsecrets")

// externalSecretObject is what is read of an ExternalSecret.
type externalSecretObject struct {
	Spec struct {
		Target struct {
			Name     string          `json:"name"`
			Template *secretTemplate `json:"template"`
		} `json:"target"`
		Data []struct {
			SecretKey string    `json:"secretKey"`
			RemoteRef remoteRef `json:"remoteRef"`
		} `json:"data"`
		DataFrom []struct {
			Extract *remoteRef `json:"extract"`
		} `json:"dataFrom"`
	} `json:"spec"`
}

type remoteRef struct {
	Key      string `json:"key"`
	Property string `json:"property"`
}

type secretTemplate struct {
	Type        string            `json:"type"`
	Data        map[string]string `json:"data"`
	MergePolicy string            `json:"mergePolicy"`
	Metadata    struct {
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
}

// externalSecret stands in for the External Secrets operator.
func (s stand) externalSecret(ctx context.Context, object *unstructured.Unstructured) error {
	var wanted externalSecretObject
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &wanted); err != nil {
		return fmt.Errorf("read ExternalSecret %s: %w", object.GetName(), err)
	}
	fetched, err := s.fetch(ctx, wanted)
	if err != nil {
		return err
	}
	secret := wantedSecret{name: wanted.Spec.Target.Name, labels: map[string]string{"reconcile.external-secrets.io/managed": "true"}, data: fetched}
	if secret.name == "" {
		secret.name = object.GetName()
	}
	if t := wanted.Spec.Target.Template; t != nil {
		secret.kind, secret.annotations = t.Type, t.Metadata.Annotations
		secret.labels = merged(secret.labels, t.Metadata.Labels)
		secret.data = t.render(fetched)
	}
	if err := s.putSecret(ctx, object, secret); err != nil {
		return err
	}
	return s.report(ctx, externalSecrets, object, "SecretSynced", map[string]any{
		"refreshTime": now(), "binding": map[string]any{"name": secret.name},
	})
}

// fetch gathers the values by the names that the ExternalSecret gives them.
func (s stand) fetch(ctx context.Context, wanted externalSecretObject) (map[string]string, error) {
	fetched := map[string]string{}
	for _, from := range wanted.Spec.DataFrom {
		if from.Extract == nil {
			continue // finding by name or tag is not pretended
		}
		text, found, err := s.values.entry(ctx, from.Extract.Key)
		if err != nil {
			return nil, err
		}
		if found {
			maps.Copy(fetched, properties(text))
		}
	}
	for _, item := range wanted.Spec.Data {
		value, err := s.values.value(ctx, item.RemoteRef)
		if err != nil {
			return nil, err
		}
		fetched[item.SecretKey] = value
	}
	return fetched, nil
}

// render fills the template's values in. A template that calls a function of
// the operator's own is not known here and gives a made-up value.
func (t secretTemplate) render(fetched map[string]string) map[string]string {
	if len(t.Data) == 0 {
		return fetched
	}
	data := map[string]string{}
	if t.MergePolicy == "Merge" {
		maps.Copy(data, fetched)
	}
	for key, text := range t.Data {
		data[key] = madeUp(key)
		var out strings.Builder
		parsed, err := template.New(key).Option("missingkey=error").Parse(text)
		if err == nil && parsed.Execute(&out, fetched) == nil {
			data[key] = out.String()
		}
	}
	return data
}
