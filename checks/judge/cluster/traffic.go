package cluster

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// ingress: guide's "Ingress Controller" and "Load balancer": an address, TLS for
// every host, and somebody behind.
var ingress = judge.Checker{
	ID: "kubernetes-ingresses", Expected: "every ingress of the portal has an address, TLS for its hosts and ready endpoints",
	Needs: needs(evidence.KubernetesIngresses.Name(), evidence.KubernetesServices.Name()),
	Judge: func(c *judge.Case) {
		services, whole := judge.Whole(c, evidence.KubernetesServices)
		for _, in := range judge.Read(c, evidence.KubernetesIngresses) {
			if !c.Portal(in.Namespace) {
				continue
			}
			var wrong []string
			if in.Address == "" {
				wrong = append(wrong, "no controller has given it an address")
			}
			for _, host := range in.Hosts {
				if !covered(in.Secured, host) {
					wrong = append(wrong, fmt.Sprintf("TLS does not cover host %q", host))
				}
			}
			for _, name := range in.Services {
				i := slices.IndexFunc(services, func(s evidence.KubeService) bool { return s.Namespace == in.Namespace && s.Name == name })
				switch {
				case !whole:
				case i < 0:
					wrong = append(wrong, "there is no service "+name)
				case services[i].Type != "ExternalName" && services[i].Endpoints == 0:
					wrong = append(wrong, "service "+name+" has no ready endpoint")
				}
			}
			c.Require(len(wrong) == 0, "ingress "+in.String(), "%s", strings.Join(wrong, "; "))
		}
	},
}

// covered tells whether one of the hosts of a certificate is good for a host;
// a wildcard is for one label.
func covered(hosts []string, host string) bool {
	return slices.ContainsFunc(hosts, func(secured string) bool {
		_, parent, _ := strings.Cut(host, ".")
		return secured == host || parent != "" && secured == "*."+parent
	})
}

// references: guide's "Configuration Deployment": the ConfigMaps, Secrets and
// claims that pods of the portal cannot start without.
var references = judge.Checker{
	ID: "kubernetes-references-exist", Expected: "every ConfigMap, Secret and claim that the portal's pods need exists",
	Needs: needs(evidence.KubernetesWorkloads.Name(), evidence.KubernetesConfigMaps.Name(), evidence.KubernetesSecrets.Name(), evidence.KubernetesClaims.Name()),
	Judge: func(c *judge.Case) {
		known, complete := objects(c)
		for _, w := range portal(c) {
			if w.Kind == "Job" { // its pods have started, or it has failed
				continue
			}
			for _, r := range w.Template.References {
				keys, exists := known[r.Kind+" "+w.Namespace+"/"+r.Name]
				text := r.Kind + " " + r.Name
				switch {
				case !exists && complete[r.Kind]:
					c.Fail(where(w, ""), "there is no %s", text)
				case exists && r.Key != "" && !slices.Contains(keys, r.Key):
					c.Fail(where(w, ""), "%s has no key %s", text, r.Key)
				case exists:
					c.Saw()
				}
			}
		}
	},
}

// objects are the keys of what exists, by "Kind namespace/name", and the kinds
// of which all were read.
func objects(c *judge.Case) (known map[string][]string, complete map[string]bool) {
	known, complete = map[string][]string{}, map[string]bool{}
	names := func(keys []evidence.KubeKey) []string {
		all := []string{}
		for _, k := range keys {
			all = append(all, k.Name)
		}
		return all
	}
	maps, allMaps := judge.Whole(c, evidence.KubernetesConfigMaps)
	for _, m := range maps {
		known["ConfigMap "+m.String()] = names(m.Keys)
	}
	secrets, allSecrets := judge.Whole(c, evidence.KubernetesSecrets)
	for _, s := range secrets {
		known["Secret "+s.String()] = names(s.Keys)
	}
	claims, allClaims := judge.Whole(c, evidence.KubernetesClaims)
	for _, p := range claims {
		known["PersistentVolumeClaim "+p.String()] = nil
	}
	complete["ConfigMap"], complete["Secret"], complete["PersistentVolumeClaim"] = allMaps, allSecrets, allClaims
	return known, complete
}
