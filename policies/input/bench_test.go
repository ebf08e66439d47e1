package input

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// deployment is one of 50 lines, as Helm renders them.
const deployment = `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-%[1]d
  namespace: team-%[2]d
  labels:
    app.kubernetes.io/name: app-%[1]d
    app.kubernetes.io/instance: app-%[1]d
    app.kubernetes.io/managed-by: Helm
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: app-%[1]d
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-%[1]d
    spec:
      serviceAccountName: app-%[1]d
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: registry.example.com/app:1.2.3
          imagePullPolicy: IfNotPresent
          env:
            - name: LOG_LEVEL
              value: "info"
            - name: POSTGRES_PASSWORD
              valueFrom:
                secretKeyRef: {name: app, key: password}
          ports:
            - containerPort: 7007
              name: http
          readinessProbe:
            httpGet: {path: /healthcheck, port: http}
          resources:
            requests: {cpu: 100m, memory: 256Mi}
            limits:
              memory: 256Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
      volumes: []
`

func deployments(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, deployment, i, i%20)
	}
	return b.String()
}

// stateOf is a state of n resources, each of about 4 KiB, as large clusters
// have.
func stateOf(tb testing.TB, n int) []byte {
	tb.Helper()
	var resources []map[string]any
	resources = append(resources, map[string]any{
		"urn": "urn:pulumi:staging::gatehouse::pulumi:pulumi:Stack::gatehouse-staging", "type": "pulumi:pulumi:Stack",
	})
	stack := resources[0]["urn"]
	for i := range n - 1 {
		object := map[string]any{}
		file := &file{name: "x", data: fmt.Appendf(nil, deployment, i, i%20)}
		found, err := split(file)[0].parse(&budget{limit: standard})
		if err != nil {
			tb.Fatal(err)
		}
		for k, v := range found[0].resource.Properties {
			object[string(k)] = v.Mappable()
		}
		resources = append(resources, map[string]any{
			"urn":    fmt.Sprintf("urn:pulumi:staging::gatehouse::kubernetes:apps/v1:Deployment::app-%d", i),
			"custom": true, "id": fmt.Sprintf("team-%d/app-%d", i%20, i), "type": "kubernetes:apps/v1:Deployment",
			"inputs": object, "outputs": object, "parent": stack, "dependencies": []any{stack},
			"provider":             "urn:pulumi:staging::gatehouse::pulumi:providers:kubernetes::k8s::b5a3ad7b",
			"propertyDependencies": map[string]any{"metadata": nil, "spec": []any{stack}},
			"sourcePosition":       "project:///../../components/x.go#85",
			"created":              "2026-01-02T03:04:05Z",
		})
	}
	text, err := json.MarshalIndent(map[string]any{"version": 3, "deployment": map[string]any{"resources": resources}}, "", "    ")
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func BenchmarkState(b *testing.B) {
	text := stateOf(b, 10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Pulumi(bytes.NewReader(text), "state.json"); err != nil {
			b.Fatal(err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys)/(1<<20), "heapMiB")
}

func BenchmarkManifests(b *testing.B) {
	text := deployments(2_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Manifests(context.Background(), []string{"-"}, strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
