package monitoring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

const (
	postgresExporter      = "postgres-exporter"
	postgresExporterImage = "quay.io/prometheuscommunity/postgres-exporter:v0.17.1"
	// rdsBundle is the CA bundle of RDS in our image of PgBouncer, and
	// rdsDirectory where the exporter's configuration looks for it.
	rdsBundle    = "/etc/ssl/certs/rds-global-bundle.pem"
	rdsDirectory = "/etc/rds"
)

// Postgres is the database to look at.
type Postgres struct {
	// Primary is host:port of the primary, Readers those of its replicas.
	Primary pulumi.StringInput
	Readers []pulumi.StringInput
	// Database is the database to connect to; metrics are of all.
	Database string
	// CertificatesImage holds the CA bundle of RDS: our image of PgBouncer.
	CertificatesImage pulumi.StringInput
}

// newPostgresExporter asks every instance through one exporter, as the user
// monitor, over TLS with the host name verified. The name of the user, its
// password and the TLS settings are the module `monitor` in the Secret's
// postgres_exporter.yml: the exporter takes those of probes from nowhere else.
//
// Lag, connections, transactions and statements are the exporter's own
// collectors, which know that a replica with nothing to replay does not lag;
// there are no queries of ours.
func newPostgresExporter(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	bundle := pod.Mount{Path: rdsDirectory, Empty: "1Mi"}
	resources := pod.Resources{CPURequest: "20m", MemoryRequest: "48Mi", CPULimit: "200m", MemoryLimit: "128Mi"}
	_, err := workload.New(ctx, name+"-"+postgresExporter, workload.Args{
		Name: postgresExporter, Namespace: args.Namespace, Labels: args.Labels, Meshed: args.Meshed,
		Pod: pod.Spec{
			Init: []pod.Container{{
				Name: "certificates", Image: args.Postgres.CertificatesImage,
				Command:   []string{"cp", rdsBundle, rdsDirectory + "/"},
				Resources: pod.Resources{CPURequest: "10m", MemoryRequest: "16Mi", CPULimit: "100m", MemoryLimit: "32Mi"},
				Mounts:    []pod.Mount{bundle},
			}},
			Container: pod.Container{
				Image: pulumi.String(postgresExporterImage),
				Args: []string{
					"--config.file=/etc/postgres-exporter/postgres_exporter.yml",
					"--collector.stat_statements",
					"--collector.long_running_transactions",
					"--no-collector.wal", // RDS lets nobody list the log's directory
				},
				Ports:     []pod.Port{{Name: probePort, Number: 9187}},
				Probes:    pod.Health(probePort, "/", "/", 30),
				Resources: resources,
				Mounts:    []pod.Mount{bundle, {Path: "/etc/postgres-exporter", Secret: postgresExporter}},
			},
		},
	}, opts...)
	if err != nil {
		return err
	}
	return newProbes(ctx, name, postgresExporter, "/probe", args, args.Postgres.probes(), opts...)
}

func (p Postgres) probes() []probe {
	var probes []probe
	for _, address := range append([]pulumi.StringInput{p.Primary}, p.Readers...) {
		probes = append(probes, probe{
			instance: address,
			params: map[string][]pulumi.StringInput{
				"auth_module": {pulumi.String("monitor")}, "target": {pulumi.Sprintf("%s/%s", address, p.Database)},
			},
		})
	}
	return probes
}
