package pod

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// containers are all containers, the main one first.
func (s Spec) containers() []Container {
	return slices.Concat([]Container{s.Container}, s.Init, s.Sidecars)
}

// check says everything that is wrong with a spec at once.
func (s Spec) check() error {
	var wrong []error
	if s.App == "" {
		wrong = append(wrong, errors.New("name its app"))
	}
	if s.ServiceAccount == "" {
		wrong = append(wrong, errors.New("name its service account"))
	}
	if s.GraceSeconds <= s.PreStopSeconds {
		wrong = append(wrong, fmt.Errorf("give more than the %d seconds of its pre-stop wait as grace: %d leave nothing to end in", s.PreStopSeconds, s.GraceSeconds))
	}
	if err := quantity("size of /tmp", s.TmpSize); err != nil {
		wrong = append(wrong, err)
	}
	names, ports := map[string]bool{}, map[int]bool{}
	for _, c := range s.containers() {
		if names[c.Name] {
			wrong = append(wrong, fmt.Errorf("give containers names of their own: %q is there twice", c.Name))
		}
		names[c.Name] = true
		for _, p := range c.Ports {
			if ports[p.Number] {
				wrong = append(wrong, fmt.Errorf("let one container listen on %d, not two", p.Number))
			}
			ports[p.Number] = true
		}
		if err := c.check(); err != nil {
			wrong = append(wrong, fmt.Errorf("container %s: %w", c.Name, err))
		}
	}
	if s.Restart == Always {
		for _, c := range append([]Container{s.Container}, s.Sidecars...) {
			if c.Probes.Startup == nil || c.Probes.Readiness == nil || c.Probes.Liveness == nil {
				wrong = append(wrong, fmt.Errorf("container %s: give it startup, readiness and liveness probes", c.Name))
			}
		}
	}
	return errors.Join(wrong...)
}

func (c Container) check() error {
	var wrong []error
	if c.Image == nil {
		wrong = append(wrong, errors.New("name its image"))
	}
	named := map[string]bool{}
	for _, p := range c.Ports {
		named[p.Name] = true
		if p.Number < 1024 {
			wrong = append(wrong, fmt.Errorf("listen on 1024 or above: port %d needs a privilege", p.Number))
		}
	}
	for _, p := range []*Probe{c.Probes.Startup, c.Probes.Readiness, c.Probes.Liveness} {
		if p != nil && len(p.Command) == 0 && !named[p.Port] {
			wrong = append(wrong, fmt.Errorf("probe one of its ports: %q is none", p.Port))
		}
	}
	for _, e := range c.Env {
		if e.sources() != 1 {
			wrong = append(wrong, fmt.Errorf("give variable %s a value, a secret or a field, one of them", e.Name))
		}
	}
	return errors.Join(append(wrong, c.Resources.check(), checkMounts(c.Mounts), c.checkExpansions())...)
}

func (r Resources) check() error {
	return errors.Join(
		within("CPU", r.CPURequest, r.CPULimit),
		within("memory", r.MemoryRequest, r.MemoryLimit),
	)
}

// within refuses requests and limits that are missing or contradict.
func within(of, request, limit string) error {
	if err := errors.Join(quantity(of+" request", request), quantity(of+" limit", limit)); err != nil {
		return err
	}
	asked, allowed := resource.MustParse(request), resource.MustParse(limit)
	if asked.Cmp(allowed) > 0 {
		return fmt.Errorf("request no more %s than the limit: %s is above %s", of, request, limit)
	}
	return nil
}

func quantity(of, text string) error {
	if text == "" {
		return fmt.Errorf("give a %s", of)
	}
	if q, err := resource.ParseQuantity(text); err != nil || q.Sign() <= 0 {
		return fmt.Errorf("give a %s such as 500m or 512Mi, not %q", of, text)
	}
	return nil
}

// references are those to variables; $$ is no reference but a dollar sign.
var references = regexp.MustCompile(`\$(\$|\(([^)]*)\))`)

// checkExpansions refuses subpaths of variables that the container has not: the
// pod would never start.
func (c Container) checkExpansions() error {
	var wrong []error
	for _, m := range c.Mounts {
		for _, found := range references.FindAllStringSubmatch(m.SubPathExpr, -1) {
			named := func(e Env) bool { return e.Name == found[2] }
			if found[1] != "$" && !slices.ContainsFunc(c.Env, named) {
				wrong = append(wrong, fmt.Errorf("give it the variable %s, of which the subpath at %s is made", found[2], m.Path))
			}
		}
	}
	return errors.Join(wrong...)
}

func checkMounts(mounts []Mount) error {
	var wrong []error
	paths := map[string]bool{tmp: true}
	for _, m := range mounts {
		sources := 0
		for _, source := range []string{m.ConfigMap, m.Secret, m.Claim, m.Empty} {
			if source != "" {
				sources++
			}
		}
		switch {
		case !path.IsAbs(m.Path):
			wrong = append(wrong, fmt.Errorf("mount at an absolute path, not %q", m.Path))
		case paths[path.Clean(m.Path)]:
			wrong = append(wrong, fmt.Errorf("mount one thing at %s, not two", m.Path))
		case sources != 1:
			wrong = append(wrong, fmt.Errorf("mount one of a ConfigMap, Secret, claim or scratch directory at %s", m.Path))
		case m.SubPath != "" && m.SubPathExpr != "":
			wrong = append(wrong, fmt.Errorf("take one subpath at %s, plain or of variables, not both", m.Path))
		case m.Empty != "":
			wrong = append(wrong, quantity("size of "+m.Path, m.Empty))
		}
		paths[path.Clean(m.Path)] = true
	}
	return errors.Join(wrong...)
}
