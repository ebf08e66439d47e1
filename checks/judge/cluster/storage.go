package cluster

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

const (
	ebs = "ebs.csi.aws.com"
	efs = "efs.csi.aws.com"
)

// storageClasses: guide's "High-performance storage classes configured", and
// its shared volume for plugins. EBS classes are judged; others of a default
// cannot be.
var storageClasses = judge.Checker{
	ID: "kubernetes-storage-classes", Expected: "the default class is fast, encrypted, expandable and bound where the pod is; one class is shared",
	Needs: needs(evidence.KubernetesStorageClasses.Name()),
	Judge: func(c *judge.Case) {
		fast := c.Texts("fastTypes")
		c.Expect("exactly one class is the default, of a type among %s, encrypted, expandable and WaitForFirstConsumer; one is EFS, for volumes that many pods write",
			strings.Join(fast, ", "))
		all := judge.Read(c, evidence.KubernetesStorageClasses)
		if len(all) == 0 {
			return
		}
		var chosen []string
		shared := false
		for _, s := range all {
			shared = shared || s.Provisioner == efs
			if s.Default {
				chosen = append(chosen, s.Name)
				judgeDefault(c, s, fast)
			}
		}
		if len(chosen) != 1 {
			c.Fail("the storage classes", "%d of them are the default: %s", len(chosen), strings.Join(chosen, ", "))
		}
		c.Require(shared, "the storage classes", "none is of EFS, so that no volume can be shared")
		c.Note("%s is the default", strings.Join(chosen, ", "))
	},
}

func judgeDefault(c *judge.Case, s evidence.KubeStorageClass, fast []string) {
	at := "storage class " + s.Name
	if s.Provisioner != ebs && s.Provisioner != "kubernetes.io/aws-ebs" {
		c.Unknown("%s is made by %s, whose speed and encryption its parameters do not tell", at, s.Provisioner)
	} else {
		kind := s.Parameters["type"]
		if kind == "" && s.Provisioner == ebs {
			kind = "gp3" // the driver's own default
		}
		c.Require(slices.Contains(fast, kind), at, "its volumes are of type %q", kind)
		c.Require(s.Parameters["encrypted"] == "true", at, "its volumes are not encrypted by its own parameters")
	}
	c.Require(s.Expands, at, "its volumes cannot grow")
	c.Require(s.Binding == "WaitForFirstConsumer", at, "it binds %s, so that a volume can be in another zone than its pod", s.Binding)
}

// claims looks at all namespaces: a claim of the platform that is not bound
// keeps Prometheus from starting just as well.
var claims = judge.Checker{
	ID: "kubernetes-claims-bound", Expected: "every claim is bound to a volume of a class that exists",
	Needs: needs(evidence.KubernetesClaims.Name(), evidence.KubernetesStorageClasses.Name()),
	Judge: func(c *judge.Case) {
		classes, whole := judge.Whole(c, evidence.KubernetesStorageClasses)
		for _, p := range judge.Read(c, evidence.KubernetesClaims) {
			at := "claim " + p.String()
			known := p.Class == "" || !whole ||
				slices.ContainsFunc(classes, func(s evidence.KubeStorageClass) bool { return s.Name == p.Class })
			switch {
			case p.Phase == "Bound":
				c.Saw()
			case !known:
				c.Fail(at, "it is %s: there is no storage class %s", p.Phase, p.Class)
			default:
				c.Fail(at, "it is %s", p.Phase)
			}
		}
	},
}
