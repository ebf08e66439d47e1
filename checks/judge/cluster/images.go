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

// release is a tag of one release: 1.28.0-alpine, v0.11.0.
var release = regexp.MustCompile(`^v?\d+\.\d+\.\d+`)

// images: guide's "Docker images built and pushed to registry". A tag is as good
// as a digest only where the registry's tags are immutable, which its own
// checker proves. Programs of others may come from the registries that are
// named, in one release.
var images = judge.Checker{
	ID: "kubernetes-images", Expected: "the portal's images come from its registry, by digest or by a tag that does not move",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		registry, others := regexp.MustCompile(c.Text("registry")), c.Texts("registries")
		c.Expect("every image of the portal matches %s, and is named by digest or by a tag that does not move, or is one release of %s",
			registry, strings.Join(others, ", "))
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
				foreign := slices.ContainsFunc(others, func(r string) bool { return strings.HasPrefix(name, r+"/") })
				switch {
				case registry.MatchString(k.Image):
					c.Require(pinned || !slices.Contains(moving, tag), where(w, k.Name), "the tag of %s moves", k.Image)
				case foreign:
					c.Require(pinned || release.MatchString(tag), where(w, k.Name), "the tag of %s is not that of one release", k.Image)
				default:
					c.Fail(where(w, k.Name), "%s is not from the portal's registry", k.Image)
				}
			}
		}
	},
}
