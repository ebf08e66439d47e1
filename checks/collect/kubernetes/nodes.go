package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apiversion "k8s.io/apimachinery/pkg/version"

	"gatehouse/checks/evidence"
)

func (c *Collector) version(ctx context.Context) (evidence.KubeVersion, error) {
	// Discovery's own call knows no context.
	text, err := c.typed.Discovery().RESTClient().Get().AbsPath("/version").Do(ctx).Raw()
	if err != nil {
		return evidence.KubeVersion{}, c.problem("get /version", err)
	}
	var info apiversion.Info
	if err := json.Unmarshal(text, &info); err != nil {
		return evidence.KubeVersion{}, invalid("/version is not what Kubernetes answers: %v", err)
	}
	major, err1 := strconv.Atoi(info.Major)
	minor, err2 := strconv.Atoi(strings.TrimRight(info.Minor, "+")) // "34+" is how EKS writes it
	if err1 != nil || err2 != nil {
		return evidence.KubeVersion{}, invalid("/version says major %q, minor %q", info.Major, info.Minor)
	}
	return evidence.KubeVersion{Major: major, Minor: minor, Git: info.GitVersion}, nil
}

func invalid(text string, args ...any) error {
	return evidence.Problem{Kind: evidence.Invalid, Message: fmt.Sprintf(text, args...)}
}

func (c *Collector) nodes(ctx context.Context) ([]evidence.KubeNode, error) {
	found := []evidence.KubeNode{}
	err := all(ctx, c, "nodes", c.typed.CoreV1().Nodes().List, func(list *corev1.NodeList) {
		for i := range list.Items {
			found = append(found, node(&list.Items[i]))
		}
	})
	return found, err
}

func node(n *corev1.Node) evidence.KubeNode {
	found := evidence.KubeNode{
		Name: n.Name, Zone: n.Labels[corev1.LabelTopologyZone],
		Unschedulable: n.Spec.Unschedulable, Kubelet: n.Status.NodeInfo.KubeletVersion,
		Spot: n.Labels["eks.amazonaws.com/capacityType"] == "SPOT" || n.Labels["karpenter.sh/capacity-type"] == "spot",
	}
	for _, role := range []string{"node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"} {
		if _, is := n.Labels[role]; is {
			found.ControlPlane = true
		}
	}
	for _, each := range n.Status.Conditions {
		found.Conditions = append(found.Conditions, evidence.KubeCondition{
			Type: string(each.Type), Status: string(each.Status), Reason: each.Reason, Since: each.LastTransitionTime.Time,
		})
	}
	return found
}
