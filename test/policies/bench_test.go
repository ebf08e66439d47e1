// Package policies measures the policies as a person runs them: the built binary
// on files, beside kube-score on the same files. It holds benchmarks only.
package policies

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/internal/toolbox"
)

// bare says the least that a Deployment must.
const bare = `apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: SPACE, labels: {app: NAME}}
spec:
  replicas: 2
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers:
      - name: app
        image: registry.example.com/NAME:1.2.3
        ports: [{name: http, containerPort: 8080}]
        resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
`

// complete says what production wants.
const complete = `apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: SPACE, labels: {app: NAME, app.kubernetes.io/name: NAME}}
spec:
  replicas: 3
  selector: {matchLabels: {app: NAME}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      serviceAccountName: NAME
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: NAME}}}
      containers:
      - name: app
        image: registry.example.com/NAME:1.2.3
        imagePullPolicy: Always
        ports: [{name: http, containerPort: 8080}]
        env:
        - {name: PORT, value: "8080"}
        - {name: PASSWORD, valueFrom: {secretKeyRef: {name: NAME, key: password}}}
        resources:
          requests: {cpu: 100m, memory: 128Mi, ephemeral-storage: 1Gi}
          limits: {cpu: 500m, memory: 256Mi, ephemeral-storage: 2Gi}
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
        readinessProbe: {httpGet: {path: /ready, port: http}}
        livenessProbe: {httpGet: {path: /live, port: http}}
        volumeMounts: [{name: tmp, mountPath: /tmp}]
      volumes: [{name: tmp, emptyDir: {sizeLimit: 64Mi}}]
`

// deployments writes many alike, which differ in all that is named after them.
func deployments(b *testing.B, template string, count int) string {
	b.Helper()
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, "---\n%s", strings.NewReplacer("NAME", fmt.Sprint("app-", i), "SPACE", fmt.Sprint("team-", i%40)).Replace(template))
	}
	path := filepath.Join(b.TempDir(), "deployments.yaml")
	require.NoError(b, os.WriteFile(path, []byte(text.String()), 0o600))
	return path
}

// gatehouse builds the binary.
func gatehouse(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "gatehouse")
	out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, "gatehouse/cmd/gatehouse").CombinedOutput()
	require.NoError(b, err, string(out))
	return path
}

// run times a program that may find something, and tells its largest memory.
func run(b *testing.B, program string, args ...string) {
	b.Helper()
	most := int64(0)
	dir := b.TempDir()
	for b.Loop() {
		cmd := exec.Command(program, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
			b.Fatalf("%v: %s", err, out[:min(len(out), 1000)])
		}
		most = max(most, maxRSS(cmd.ProcessState))
	}
	b.ReportMetric(float64(most)/(1<<20), "MB")
}

// 2,000 Deployments, by all rules; kube-score has 39 checks.
func BenchmarkManifests(b *testing.B) {
	scorer, err := toolbox.Ensure(b.Context(), "../..", toolbox.Scorer, func(line string) { b.Log(line) })
	require.NoError(b, err)
	binary := gatehouse(b)
	for name, template := range map[string]string{"bare": bare, "complete": complete} {
		file := deployments(b, template, 2000)
		b.Run(name+"/gatehouse", func(b *testing.B) { run(b, binary, "policy", "check", "--manifests", file) })
		b.Run(name+"/kube-score", func(b *testing.B) { run(b, scorer, "score", file) })
	}
}

// A state of 10,000 resources: a mix of what stacks have.
func BenchmarkState(b *testing.B) {
	binary := gatehouse(b)
	file := filepath.Join(b.TempDir(), "state.json")
	text, err := json.Marshal(map[string]any{"version": 3, "deployment": map[string]any{"resources": resources(10_000)}})
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(file, text, 0o600))
	run(b, binary, "policy", "check", "--state", file)
}

// resources are as a state has them, of several types in turn.
func resources(count int) []map[string]any {
	kinds := []struct {
		token  string
		inputs func(name string) map[string]any
	}{
		{"aws:s3/bucketV2:BucketV2", func(n string) map[string]any { return map[string]any{"bucket": n, "tags": tags(n)} }},
		{"aws:iam/role:Role", func(n string) map[string]any {
			return map[string]any{"name": n, "tags": tags(n), "assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`}
		}},
		{"aws:ec2/securityGroup:SecurityGroup", func(n string) map[string]any {
			return map[string]any{"name": n, "description": n, "tags": tags(n), "ingress": []any{map[string]any{"fromPort": 443, "toPort": 443, "protocol": "tcp", "cidrBlocks": []any{"10.0.0.0/16"}, "description": "in"}}}
		}},
		{"aws:sqs/queue:Queue", func(n string) map[string]any {
			return map[string]any{"name": n, "sqsManagedSseEnabled": true, "tags": tags(n)}
		}},
		{"kubernetes:core/v1:ServiceAccount", func(n string) map[string]any {
			return map[string]any{"metadata": map[string]any{"name": n, "namespace": "portal"}, "automountServiceAccountToken": false}
		}},
		{"kubernetes:core/v1:ConfigMap", func(n string) map[string]any {
			return map[string]any{"metadata": map[string]any{"name": n, "namespace": "portal"}, "data": map[string]any{"a": n}}
		}},
	}
	var all []map[string]any
	for i := range count {
		kind, name := kinds[i%len(kinds)], fmt.Sprint("thing-", i)
		inputs := kind.inputs(name)
		all = append(all, map[string]any{
			"urn": "urn:pulumi:many::project::" + kind.token + "::" + name, "type": kind.token, "custom": true, "id": name,
			"inputs": inputs, "outputs": inputs,
		})
	}
	return all
}

func tags(name string) map[string]any {
	return map[string]any{"environment": "production", "owner": "platform", "Name": name}
}
