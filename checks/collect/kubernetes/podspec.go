package kubernetes

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"gatehouse/checks/evidence"
)

// podSpec keeps what decides of a pod's description. With detail it keeps
// variables and references too, which thousands of pods have from a few
// templates.
func podSpec(s *corev1.PodSpec, detail bool) evidence.KubePodSpec {
	spec := evidence.KubePodSpec{
		ServiceAccount: s.ServiceAccountName, Token: s.AutomountServiceAccountToken,
		HostNetwork: s.HostNetwork, HostPID: s.HostPID, HostIPC: s.HostIPC,
		Containers: make([]evidence.KubeContainer, 0, len(s.InitContainers)+len(s.Containers)),
	}
	for _, v := range s.Volumes {
		if v.HostPath != nil {
			spec.HostPaths = append(spec.HostPaths, v.HostPath.Path)
		}
	}
	for i := range s.InitContainers {
		role := evidence.KubeInit
		if value(s.InitContainers[i].RestartPolicy, "") == corev1.ContainerRestartPolicyAlways {
			role = evidence.KubeSidecar
		}
		spec.Containers = append(spec.Containers, container(&s.InitContainers[i], s.SecurityContext, role, detail))
	}
	for i := range s.Containers {
		spec.Containers = append(spec.Containers, container(&s.Containers[i], s.SecurityContext, evidence.KubeMain, detail))
	}
	if detail {
		spec.References = references(s)
	}
	return spec
}

func container(c *corev1.Container, pod *corev1.PodSecurityContext, role evidence.KubeRole, detail bool) evidence.KubeContainer {
	amount := func(list corev1.ResourceList, name corev1.ResourceName) string {
		if q, set := list[name]; set && !q.IsZero() {
			return q.String()
		}
		return ""
	}
	k := evidence.KubeContainer{
		Name: c.Name, Role: role, Image: c.Image,
		CPURequest:    amount(c.Resources.Requests, corev1.ResourceCPU),
		MemoryRequest: amount(c.Resources.Requests, corev1.ResourceMemory),
		CPULimit:      amount(c.Resources.Limits, corev1.ResourceCPU),
		MemoryLimit:   amount(c.Resources.Limits, corev1.ResourceMemory),
		Liveness:      c.LivenessProbe != nil, Readiness: c.ReadinessProbe != nil,
		Escalates: true, Root: pod == nil || !value(pod.RunAsNonRoot, false),
	}
	for _, argument := range c.Args {
		if after, is := strings.CutPrefix(argument, "--enable-network-policy="); is {
			k.NetworkPolicies = after
		}
	}
	if s := c.SecurityContext; s != nil {
		k.Privileged = value(s.Privileged, false)
		k.Escalates = value(s.AllowPrivilegeEscalation, true)
		if s.RunAsNonRoot != nil {
			k.Root = !*s.RunAsNonRoot
		}
		if s.Capabilities != nil {
			for _, each := range s.Capabilities.Add {
				k.Capabilities = append(k.Capabilities, string(each))
			}
		}
	}
	if detail {
		k.Env = variables(c.Env)
		for _, from := range c.EnvFrom {
			if from.SecretRef != nil {
				k.SecretSets = append(k.SecretSets, from.SecretRef.Name)
			}
			if from.ConfigMapRef != nil {
				k.ConfigSets = append(k.ConfigSets, from.ConfigMapRef.Name)
			}
		}
	}
	return k
}

// references are the objects without which the pod does not start: those that
// are said to be optional are none.
func references(s *corev1.PodSpec) []evidence.KubeReference {
	var found []evidence.KubeReference
	add := func(kind, name, key string, optional *bool) {
		r := evidence.KubeReference{Kind: kind, Name: name, Key: key}
		if name != "" && !value(optional, false) && !slices.Contains(found, r) {
			found = append(found, r)
		}
	}
	for _, v := range s.Volumes {
		switch {
		case v.ConfigMap != nil:
			add("ConfigMap", v.ConfigMap.Name, "", v.ConfigMap.Optional)
		case v.Secret != nil:
			add("Secret", v.Secret.SecretName, "", v.Secret.Optional)
		case v.PersistentVolumeClaim != nil:
			add("PersistentVolumeClaim", v.PersistentVolumeClaim.ClaimName, "", nil)
		case v.Projected != nil:
			for _, from := range v.Projected.Sources {
				if from.ConfigMap != nil {
					add("ConfigMap", from.ConfigMap.Name, "", from.ConfigMap.Optional)
				}
				if from.Secret != nil {
					add("Secret", from.Secret.Name, "", from.Secret.Optional)
				}
			}
		}
	}
	for _, c := range slices.Concat(s.InitContainers, s.Containers) {
		for _, from := range c.EnvFrom {
			if from.ConfigMapRef != nil {
				add("ConfigMap", from.ConfigMapRef.Name, "", from.ConfigMapRef.Optional)
			}
			if from.SecretRef != nil {
				add("Secret", from.SecretRef.Name, "", from.SecretRef.Optional)
			}
		}
		for _, e := range c.Env {
			if e.ValueFrom == nil {
				continue
			}
			if r := e.ValueFrom.ConfigMapKeyRef; r != nil {
				add("ConfigMap", r.Name, r.Key, r.Optional)
			}
			if r := e.ValueFrom.SecretKeyRef; r != nil {
				add("Secret", r.Name, r.Key, r.Optional)
			}
		}
	}
	return found
}
