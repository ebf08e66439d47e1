package node

import (
	"context"
	"fmt"

	"github.com/virtual-kubelet/virtual-kubelet/node"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"

	"gatehouse/sandbox/process"
)

type listOptions = metav1.ListOptions

// object is the Node as the API server shows it: large enough for anything, so
// that a pod that stays pending does so for a reason of its own. logs is the port
// of this machine that the API server asks for logs, 0 for none.
func object(m member, version string, logs int) *corev1.Node {
	capacity := corev1.ResourceList{
		corev1.ResourceCPU:              resource.MustParse("1000"),
		corev1.ResourceMemory:           resource.MustParse("4Ti"),
		corev1.ResourcePods:             resource.MustParse("5000"),
		corev1.ResourceEphemeralStorage: resource.MustParse("100Ti"),
	}
	node := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: m.name, Labels: m.labels},
		Spec:       corev1.NodeSpec{Taints: m.taints},
		Status: corev1.NodeStatus{
			Capacity:    capacity,
			Allocatable: capacity,
			NodeInfo: corev1.NodeSystemInfo{
				KubeletVersion:          version,
				OperatingSystem:         "linux",
				Architecture:            "amd64",
				OSImage:                 "none (sandbox)",
				ContainerRuntimeVersion: "none://0.0.0",
			},
			Addresses: []corev1.NodeAddress{
				{Type: corev1.NodeInternalIP, Address: m.address},
				{Type: corev1.NodeHostName, Address: m.name},
			},
			Conditions: []corev1.NodeCondition{
				condition(corev1.NodeReady, corev1.ConditionTrue, "SandboxReady"),
				condition(corev1.NodeMemoryPressure, corev1.ConditionFalse, "SandboxHasMemory"),
				condition(corev1.NodeDiskPressure, corev1.ConditionFalse, "SandboxHasDisk"),
				condition(corev1.NodePIDPressure, corev1.ConditionFalse, "SandboxHasPIDs"),
			},
		},
	}
	if logs != 0 { // of this type because no pod and no check goes by it
		node.Status.Addresses = append(node.Status.Addresses, corev1.NodeAddress{Type: corev1.NodeInternalDNS, Address: process.Loopback})
		node.Status.DaemonEndpoints.KubeletEndpoint.Port = int32(logs)
	}
	return node
}

func condition(kind corev1.NodeConditionType, status corev1.ConditionStatus, reason string) corev1.NodeCondition {
	now := metav1.Now()
	return corev1.NodeCondition{
		Type: kind, Status: status, Reason: reason,
		Message: "pods of the project's own images run as processes, all others only look as if they ran", LastHeartbeatTime: now, LastTransitionTime: now,
	}
}

// recreate registers the node again when someone has deleted it.
func recreate(nodes typedcorev1.NodeInterface, spec *corev1.Node) node.ErrorHandler {
	return func(ctx context.Context, err error) error {
		if !apierrors.IsNotFound(err) {
			return err
		}
		if _, err := nodes.Create(ctx, spec.DeepCopy(), metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("register node again: %w", err)
		}
		return nil
	}
}
