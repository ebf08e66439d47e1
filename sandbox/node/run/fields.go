package run

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Resolve gives the variables of a pod their values that come from its status or
// its resources, which the library of the kubelet's protocol cannot tell. Others
// stay as they are. hostIP is the node's address.
func Resolve(pod *corev1.Pod, hostIP string) {
	for _, containers := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for i := range containers {
			container := &containers[i]
			for j := range container.Env {
				from := container.Env[j].ValueFrom
				if from == nil {
					continue
				}
				if value, ok := statusField(pod, from.FieldRef, hostIP); ok {
					container.Env[j].Value, container.Env[j].ValueFrom = value, nil
				} else if value, ok := resourceField(pod, container, from.ResourceFieldRef); ok {
					container.Env[j].Value, container.Env[j].ValueFrom = value, nil
				}
			}
		}
	}
}

func statusField(pod *corev1.Pod, ref *corev1.ObjectFieldSelector, hostIP string) (string, bool) {
	if ref == nil {
		return "", false
	}
	switch ref.FieldPath {
	case "status.podIP", "status.podIPs":
		if pod.Spec.HostNetwork {
			return hostIP, true
		}
		return Address(pod.UID).String(), true
	case "status.hostIP", "status.hostIPs":
		return hostIP, true
	default:
		return "", false
	}
}

// field is the value of a field of the downward API.
func field(pod *corev1.Pod, path, hostIP string) (string, error) {
	if value, ok := statusField(pod, &corev1.ObjectFieldSelector{FieldPath: path}, hostIP); ok {
		return value, nil
	}
	if base, key, ok := subscript(path); ok {
		switch base {
		case "metadata.annotations":
			return pod.Annotations[key], nil
		case "metadata.labels":
			return pod.Labels[key], nil
		}
	}
	switch path {
	case "metadata.name":
		return pod.Name, nil
	case "metadata.namespace":
		return pod.Namespace, nil
	case "metadata.uid":
		return string(pod.UID), nil
	case "metadata.labels":
		return lines(pod.Labels), nil
	case "metadata.annotations":
		return lines(pod.Annotations), nil
	case "spec.nodeName":
		return pod.Spec.NodeName, nil
	case "spec.serviceAccountName":
		return pod.Spec.ServiceAccountName, nil
	}
	return "", fmt.Errorf("the downward API has no field %s", path)
}

// subscript reads metadata.labels['KEY'].
func subscript(path string) (base, key string, ok bool) {
	base, rest, found := strings.Cut(path, "['")
	key, closed := strings.CutSuffix(rest, "']")
	return base, key, found && closed
}

// lines is how a kubelet writes a map: KEY="VALUE", sorted.
func lines(values map[string]string) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		all = append(all, key+"="+strconv.Quote(values[key]))
	}
	return strings.Join(all, "\n")
}

// resourceField is a limit or request of a container in multiples of the divisor,
// rounded up. One that is not set is not known here: ok is false.
func resourceField(pod *corev1.Pod, of *corev1.Container, ref *corev1.ResourceFieldSelector) (_ string, ok bool) {
	if ref == nil {
		return "", false
	}
	if ref.ContainerName != "" {
		i := slices.IndexFunc(pod.Spec.Containers, func(c corev1.Container) bool { return c.Name == ref.ContainerName })
		if i < 0 {
			return "", false
		}
		of = &pod.Spec.Containers[i]
	}
	kind, name, _ := strings.Cut(ref.Resource, ".")
	list := of.Resources.Requests
	if kind == "limits" {
		list = of.Resources.Limits
	}
	quantity, set := list[corev1.ResourceName(name)]
	if !set {
		return "", false
	}
	divisor := ref.Divisor
	if divisor.IsZero() {
		divisor = resource.MustParse("1")
	}
	if corev1.ResourceName(name) == corev1.ResourceCPU {
		return ceiling(quantity.MilliValue(), divisor.MilliValue()), true
	}
	return ceiling(quantity.Value(), divisor.Value()), true
}

func ceiling(value, divisor int64) string {
	if divisor < 1 {
		divisor = 1
	}
	return strconv.FormatInt((value+divisor-1)/divisor, 10)
}
