package installer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/lease"
	"gatehouse/plugins/prove"
	"gatehouse/plugins/rollout"
	"gatehouse/plugins/store"
	"gatehouse/plugins/store/volume"
)

const (
	// fieldManager owns the portal's generation in the API server.
	fieldManager = "plugin-installer"
	// patience is how long the portal may take to start with a generation: its
	// Deployment gives a pod up after as long.
	patience = 10 * time.Minute
)

// open puts an installer together from the environment. judges tells whether the
// gate will be asked. Close it.
func (p *program) open(ctx context.Context, judges bool) (i *install.Installer, done func() error, err error) {
	at, err := p.setting(install.VariableVolume)
	if err != nil {
		return nil, nil, err
	}
	i = &install.Installer{Extras: []generation.Extra{prove.Probe()}, Patience: patience, Now: time.Now, Log: p.log}
	if i.Trail, err = p.openTrail(ctx); err != nil {
		return nil, nil, err
	}
	if err := p.openCluster(i); err != nil {
		return nil, nil, err
	}
	if p.world.Getenv(install.VariableRepository) != "" {
		if i.Images, err = p.images(ctx); err != nil {
			return nil, nil, err
		}
	}
	if i.Store, err = store.Open(at, volume.Options{}); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", invalid(install.VariableVolume, errNoVolume), err)
	}
	done = i.Store.Close
	if judges {
		opened, err := p.sources(ctx, at)
		if err != nil {
			return nil, nil, errors.Join(err, i.Store.Close())
		}
		i.Sources = opened.Sources
		done = func() error { return errors.Join(opened.Close(), i.Store.Close()) }
	}
	return i, done, nil
}

// openCluster is the cluster that the program runs in: by its pod's account, or by a
// kubeconfig.
func (p *program) openCluster(i *install.Installer) error {
	namespace, err := p.setting(install.VariableNamespace)
	if err != nil {
		return err
	}
	if i.Owner, err = p.setting(install.VariablePod); err != nil {
		return err
	}
	deployments, err := p.setting(install.VariableDeployments)
	if err != nil {
		return err
	}
	i.Actor, i.Reason = p.asked(i.Owner)
	config, err := clientcmd.BuildConfigFromFlags("", p.world.Getenv("KUBECONFIG"))
	if err != nil {
		return fmt.Errorf("%w: find the cluster: %w", install.ErrInvalid, err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("%w: find the cluster: %w", install.ErrInvalid, err)
	}
	i.Lease = lease.Kubernetes{Client: client.CoordinationV1(), Namespace: namespace}
	i.Status = newStatus(client, namespace)
	i.Portal = portal{
		Portal: rollout.Portal{
			Client: client, Namespace: namespace, Deployments: strings.Split(deployments, ","),
			Annotation: install.Annotation, FieldManager: fieldManager, Poll: 500 * time.Millisecond,
		},
		http: direct(), every: 500 * time.Millisecond,
	}
	return nil
}

// asked is who asked, and why. A Job that somebody made by hand says its own name: the
// API server's audit log knows who that was.
func (p *program) asked(pod string) (actor, reason string) {
	job := "job " + cmp.Or(p.world.Getenv(install.VariableJob), pod)
	return cmp.Or(p.world.Getenv(install.VariableActor), job), p.world.Getenv(install.VariableReason)
}
