package cluster

import (
	"regexp"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// moving are tags that are made to point elsewhere later.
var moving = []string{"", "latest", "stable", "edge", "nightly", "main", "master", "dev", "develop", "staging", "production", "prod"}

// images: guide's "Docker images built and pushed to registry". A tag is as good
// as a digest only where the registry's tags are immutable, which its own
// checker proves.
var images = judge.Checker{
	ID: "kubernetes-images", Expected: "the portal's images come from its registry, by digest or by a tag that does not move",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		registry := regexp.MustCompile(c.Text("registry"))
		c.Expect("every image of the portal matches %s, and is named by digest or by a tag that does not move", registry)
		for _, w := range portal(c) {
			if w.Kind == "Job" && w.Owner != "" { // its CronJob says the same
				continue
			}
			for _, k := range w.Template.Containers {
				name, _, pinned := strings.Cut(k.Image, "@sha256:")
				tag := ""
				if last := name[strings.LastIndex(name, "/")+1:]; strings.Contains(last, ":") {
					_, tag, _ = strings.Cut(last, ":")
				}
				switch {
				case !registry.MatchString(k.Image):
					c.Fail(where(w, k.Name), "%s is not from the portal's registry", k.Image)
				case !pinned && slices.Contains(moving, tag):
					c.Fail(where(w, k.Name), "the tag of %s moves", k.Image)
				default:
					c.Saw()
				}
			}
		}
	},
}
