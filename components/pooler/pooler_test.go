package pooler_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/pooler"
)

func args() pooler.Args {
	return pooler.Args{
		Namespace: pulumi.String("backstage"), Labels: map[string]string{"gatehouse/owner": "platform"},
		Image: pulumi.String("pgbouncer:1"), Exporter: pulumi.String("exporter:1"), Replicas: 2,
		Primary: pulumi.String("primary:5432"), Readers: pulumi.ToStringArray([]string{"one:5432"}),
		Database: "portal", Secret: "pgbouncer", Meshed: true,
		Pool: pooler.Pool{Mode: pooler.Transaction, Size: 20, Reserve: 5, MaxClients: 500},
	}
}

func try(args pooler.Args) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := pooler.New(ctx, "p", args)
		return err
	})
}

func TestPooler(t *testing.T) {
	seen, err := try(args())
	require.NoError(t, err)
	deployment := seen.One(t, "kubernetes:apps/v1:Deployment")
	for path, want := range map[string]any{
		"metadata.name": "pgbouncer", "spec.replicas": 2.0,
		"spec.template.spec.priorityClassName":                             "gatehouse-critical",
		"spec.template.spec.containers[0].command[1]":                      "/etc/pgbouncer/pgbouncer.ini",
		"spec.template.spec.containers[0].ports[0].containerPort":          6432.0,
		"spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds": 15.0,
		"spec.template.spec.containers[1].image":                           "exporter:1",
		"spec.template.spec.containers[1].env[0].value":                    "postgres://pgbouncer@:6432/pgbouncer?host=/run/pgbouncer&sslmode=disable",
		"spec.template.spec.topologySpreadConstraints[0].topologyKey":      "topology.kubernetes.io/zone",
	} {
		require.Equal(t, want, deployment.Input(path), path)
	}
	// The socket of the console is shared by both containers and nobody else.
	socket := map[string]any{"name": "empty-run-pgbouncer", "mountPath": "/run/pgbouncer"}
	for _, container := range []string{"spec.template.spec.containers[0]", "spec.template.spec.containers[1]"} {
		require.Contains(t, deployment.Input(container+".volumeMounts"), socket)
	}
	require.Contains(t, deployment.Input("spec.template.spec.containers[0].volumeMounts"),
		map[string]any{"name": "secret-pgbouncer", "mountPath": "/etc/pgbouncer-users", "readOnly": true})

	const serviceType = "kubernetes:core/v1:Service"
	require.Equal(t, "pgbouncer", seen.Named(t, serviceType, "p").Input("metadata.name"))
	require.Equal(t, "tcp", seen.Named(t, serviceType, "p").Input("spec.ports[0].appProtocol"))
	require.Equal(t, "pgbouncer-read", seen.Named(t, serviceType, "p-alias-pgbouncer-read").Input("metadata.name"))
	require.Equal(t, "https", seen.One(t, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor").Input("spec.endpoints[0].scheme"))
	require.Contains(t, seen.One(t, "kubernetes:core/v1:ConfigMap").Input(`data["pgbouncer.ini"]`), "portal_read = host=one port=5432 dbname=portal\n")
}

func TestRefusals(t *testing.T) {
	for want, mutate := range map[string]func(*pooler.Args){
		"run at least 1 replica":     func(a *pooler.Args) { a.Replicas = -1 },
		"name the database":          func(a *pooler.Args) { a.Database = "" },
		`not "fast"`:                 func(a *pooler.Args) { a.Pool.Mode = "fast" },
		"not 0 connections":          func(a *pooler.Args) { a.Pool.Size = 0 },
		"read the primary's address": func(a *pooler.Args) { a.Primary = pulumi.String("primary") },
	} {
		some := args()
		mutate(&some)
		_, err := try(some)
		require.ErrorContains(t, err, want)
	}
}
