// Package pooler runs PgBouncer between the applications and PostgreSQL, so
// that many clients share few server connections (readiness guide, "Database
// Systems": PgBouncer configured with appropriate pool sizes).
//
// The database is made in the data layer, its logins by the keeper, and the
// file with their passwords by External Secrets.
package pooler

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

const (
	// Service is the Service in front of the pods.
	Service = "pgbouncer"
	// ReadService is the same pods under a name of its own, for clients of the
	// read replicas. Which server answers a client is said by the database
	// that it asks for.
	ReadService = "pgbouncer-read"
	// Port is where PgBouncer listens.
	Port = 6432
	// Monitor is the login that may read the console's statistics over the
	// network, as the readiness checks do.
	Monitor = "monitor"
)

// Args configures the pooler.
type Args struct {
	// Namespace is where it runs; Labels say whose it is.
	Namespace pulumi.StringInput
	Labels    map[string]string
	// Image is PgBouncer 1.25 or newer with the CA bundle of RDS. Older ones
	// look for the whole list of replicas in a replica's certificate
	// (pgbouncer issue 1300) and so reach none when there are two. Exporter is
	// prometheuscommunity/pgbouncer-exporter.
	Image, Exporter pulumi.StringInput
	// Replicas is the number of pods, which share nothing. Every query goes
	// through them: with one, a restart is an outage.
	Replicas int
	// Primary is host:port of the primary, Readers those of the replicas. With
	// no replicas, the primary serves the reads too.
	Primary pulumi.StringInput
	Readers pulumi.StringArrayInput
	// Database is the portal's own. DATABASE_read is the same on the replicas.
	Database string
	// Pool says how connections are shared.
	Pool Pool
	// Secret has the key userlist.txt: a line `"LOGIN" "PASSWORD"` for each
	// login of the applications, and for [Monitor].
	Secret string
	// Meshed is whether the mesh encrypts what clients send to the pods.
	Meshed bool
}

// Pooler is PgBouncer.
type Pooler struct {
	pulumi.ResourceState
	component.Parts
}

// Where things are in the container.
const (
	// CAFile is the CA bundle of RDS in the image.
	CAFile       = "/etc/ssl/certs/rds-global-bundle.pem"
	configPath   = "/etc/pgbouncer"
	usersPath    = "/etc/pgbouncer-users"
	socketPath   = "/run/pgbouncer"
	metricsPort  = 9127
	drainSeconds = 15
)

// New makes the pooler.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Pooler, error) {
	p := &Pooler{}
	err := component.Register(ctx, "gatehouse:kubernetes:Pooler", name, p, func(child pulumi.ResourceOption) error {
		if err := args.check(); err != nil {
			return fmt.Errorf("make the pooler: %w", err)
		}
		_, err := workload.New(ctx, name, args.workload(), child)
		return err
	}, opts...)
	return p, err
}

func (a Args) check() error {
	var wrong []error
	if a.Database == "" || a.Secret == "" {
		wrong = append(wrong, errors.New("name the database and the secret of its logins"))
	}
	return errors.Join(append(wrong, a.Pool.check())...)
}

func (a Args) workload() workload.Args {
	return workload.Args{
		Name: Service, Namespace: a.Namespace, Labels: a.Labels, Meshed: a.Meshed,
		Aliases: []string{ReadService}, Replicas: workload.Replicas{Min: a.Replicas},
		Config: &workload.Config{Path: configPath, Files: map[string]pulumi.StringInput{"pgbouncer.ini": a.ini()}},
		Pod: pod.Spec{
			Priority: pod.Critical,
			// Clients move to the other pods while it waits; then the queries
			// that run may end.
			GraceSeconds: 60,
			Container: pod.Container{
				Image: a.Image, Command: []string{"pgbouncer", configPath + "/pgbouncer.ini"},
				Ports:     []pod.Port{{Name: "postgres", Number: Port, Protocol: "tcp"}},
				Probes:    pod.Listening("postgres"),
				Resources: pod.Resources{CPURequest: "100m", MemoryRequest: "64Mi", CPULimit: "1", MemoryLimit: "256Mi"},
				Mounts: []pod.Mount{
					{Path: usersPath, Secret: a.Secret},
					{Path: socketPath, Empty: "1Mi"},
				},
				PreStopSeconds: drainSeconds,
			},
			Sidecars: []pod.Container{a.exporter()},
		},
	}
}

// exporter reads PgBouncer's console through a socket that only this pod has.
// PgBouncer lets its own user in there without a password.
func (a Args) exporter() pod.Container {
	return pod.Container{
		Name: "exporter", Image: a.Exporter,
		Args: []string{fmt.Sprintf("--web.listen-address=:%d", metricsPort)},
		Env: []pod.Env{{
			Name:  "PGBOUNCER_EXPORTER_CONNECTION_STRING",
			Value: pulumi.Sprintf("postgres://pgbouncer@:%d/pgbouncer?host=%s&sslmode=disable", Port, socketPath),
		}},
		Ports:     []pod.Port{{Name: "metrics", Number: metricsPort}},
		Probes:    pod.Listening("metrics"),
		Resources: pod.Resources{CPURequest: "10m", MemoryRequest: "32Mi", CPULimit: "100m", MemoryLimit: "64Mi"},
		Mounts:    []pod.Mount{{Path: socketPath, Empty: "1Mi"}},
	}
}
