package evaluate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/require"

	"gatehouse/policies"
	"gatehouse/policies/cases"
	"gatehouse/policies/evaluate"
	"gatehouse/policies/input"
	"gatehouse/policies/pack"
)

// wholePack is the pack as it is built in.
func wholePack(t testing.TB) *pack.Pack {
	t.Helper()
	p, err := pack.Load(policies.Rules())
	require.NoError(t, err)
	require.NoError(t, p.Compile())
	return p
}

// typical are ordinary resources, each with all that production sets.
var typical = map[string]string{
	"deployment": `
type: kubernetes:apps/v1:Deployment
properties:
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: portal, namespace: portal, labels: {app: portal, app.kubernetes.io/name: portal}}
  spec:
    replicas: 3
    revisionHistoryLimit: 5
    selector: {matchLabels: {app: portal}}
    strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
    template:
      metadata: {labels: {app: portal}}
      spec:
        serviceAccountName: portal
        automountServiceAccountToken: false
        priorityClassName: standard
        terminationGracePeriodSeconds: 45
        securityContext: {runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: {type: RuntimeDefault}}
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: portal}}}]
        containers:
        - name: portal
          image: registry.example.com/portal@sha256:0123456789012345678901234567890123456789012345678901234567890123
          ports: [{name: http, containerPort: 4400}, {name: metrics, containerPort: 9090}]
          env: [{name: NODE_ENV, value: production}, {name: PORT, value: "4400"}, {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: portal, key: password}}}]
          resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {cpu: "1", memory: 1Gi}}
          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
          startupProbe: {httpGet: {path: /health, port: http}}
          readinessProbe: {httpGet: {path: /health, port: http}}
          livenessProbe: {httpGet: {path: /live, port: http}}
          lifecycle: {preStop: {sleep: {seconds: 15}}}
          volumeMounts: [{name: tmp, mountPath: /tmp}]
        volumes: [{name: tmp, emptyDir: {sizeLimit: 64Mi}}]
`,
	"database": `
type: aws:rds/instance:Instance
properties:
  identifier: portal
  engine: postgres
  engineVersion: "15.10"
  instanceClass: db.r6g.large
  allocatedStorage: 100
  maxAllocatedStorage: 500
  storageEncrypted: true
  kmsKeyId: arn:aws:kms:eu-west-1:123456789012:key/1
  multiAz: true
  publiclyAccessible: false
  backupRetentionPeriod: 30
  deletionProtection: true
  manageMasterUserPassword: true
  username: master
  monitoringInterval: 60
  monitoringRoleArn: arn:aws:iam::123456789012:role/m
  performanceInsightsEnabled: true
  enabledCloudwatchLogsExports: [postgresql, upgrade]
  iamDatabaseAuthenticationEnabled: true
  copyTagsToSnapshot: true
  caCertIdentifier: rds-ca-rsa2048-g1
  vpcSecurityGroupIds: [sg-1]
  tags: {environment: production, owner: platform}
`,
	"role": `
type: aws:iam/role:Role
properties:
  name: portal
  assumeRolePolicy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::1:oidc-provider/x"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"x:sub":"system:serviceaccount:a:b","x:aud":"sts.amazonaws.com"}}}]}'
  tags: {environment: production}
`,
	"bucket": `
type: aws:s3/bucketV2:BucketV2
properties: {bucket: portal, forceDestroy: false, tags: {environment: production}}
`,
	"policy": `
type: kubernetes:networking.k8s.io/v1:NetworkPolicy
properties:
  metadata: {name: a, namespace: b}
  spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: b}}}], ports: [{port: 4400, protocol: TCP}]}]}
`,
	"account": `
type: kubernetes:core/v1:ServiceAccount
properties: {metadata: {name: a, namespace: b}, automountServiceAccountToken: false}
`,
}

func example(t testing.TB, name string) input.Resource {
	t.Helper()
	lines := strings.ReplaceAll(strings.TrimSpace(typical[name]), "\n", "\n  ")
	c, err := cases.ParseText("typical", []byte("pass:\n- name: "+name+"\n  "+lines+"\n"))
	require.NoError(t, err)
	return c[0].Resources[0]
}

// One resource against the whole pack, on one core: 150 µs is the budget of the
// median.
func BenchmarkResource(b *testing.B) {
	p := wholePack(b)
	settings, err := p.Resolve()
	require.NoError(b, err)
	e := evaluate.New(p, settings, evaluate.Options{})
	for name := range typical {
		r := example(b, name)
		b.Run(fmt.Sprintf("%s/%d-rules", name, len(e.Applies(b.Context(), r.Type))), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Resource(b.Context(), r)
			}
		})
	}
}

// The naive way, which other packs go: a new query for each rule and resource.
func BenchmarkNaive(b *testing.B) {
	p := wholePack(b)
	settings, err := p.Resolve()
	require.NoError(b, err)
	e := evaluate.New(p, settings, evaluate.Options{})
	for name := range typical {
		r := example(b, name)
		in := map[string]any{"type": r.Type, "name": r.Name, "urn": r.URN, "properties": r.Properties.Mappable()}
		ids := e.Applies(b.Context(), r.Type)
		b.Run(fmt.Sprintf("%s/%d-rules", name, len(ids)), func(b *testing.B) {
			for b.Loop() {
				for _, id := range ids {
					rule, _ := p.Rule(id)
					compiler, err := p.Compiler(rule.Part)
					require.NoError(b, err)
					_, err = rego.New(rego.Compiler(compiler), rego.Query(rule.Package.String()+".deny"), rego.Input(in)).Eval(b.Context())
					require.NoError(b, err)
				}
			}
		})
	}
}
