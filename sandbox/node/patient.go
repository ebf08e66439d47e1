package node

import (
	"context"
	"errors"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

// patient is a client of nodes whose errors do not say that a context has ended.
// The library of the kubelet's protocol asks through client-go's retry.OnError,
// which takes such an error of one try for the end of all tries and returns nil:
// the library then uses a node that it did not get, and the process dies.
type patient struct{ typedcorev1.NodeInterface }

// Get is that of the interface.
func (n patient) Get(ctx context.Context, name string, o metav1.GetOptions) (*corev1.Node, error) {
	node, err := n.NodeInterface.Get(ctx, name, o)
	return node, opaque(err)
}

// Patch is that of the interface.
func (n patient) Patch(
	ctx context.Context, name string, kind types.PatchType, data []byte, o metav1.PatchOptions, subresources ...string,
) (*corev1.Node, error) {
	node, err := n.NodeInterface.Patch(ctx, name, kind, data, o, subresources...)
	return node, opaque(err)
}

func opaque(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errors.New(err.Error())
	}
	return err
}
