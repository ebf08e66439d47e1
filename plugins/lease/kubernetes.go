package lease

import (
	"context"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// Kubernetes grants Leases of coordination.k8s.io in one namespace. Its user needs the
// verbs get, create and update on leases there.
type Kubernetes struct {
	Client    coordination.LeasesGetter
	Namespace string
}

// Acquire implements [Lease]. The name is the Lease's.
func (k Kubernetes) Acquire(ctx context.Context, name, owner string, ttl time.Duration) (*Held, error) {
	return hold(ctx, &resourcelock.LeaseLock{
		LeaseMeta:  metav1.ObjectMeta{Name: name, Namespace: k.Namespace},
		Client:     k.Client,
		LockConfig: resourcelock.ResourceLockConfig{Identity: owner},
	}, ttl)
}
