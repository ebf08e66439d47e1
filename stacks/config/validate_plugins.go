package config

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"gatehouse/plugins"
	"gatehouse/plugins/gate/licence"
)

const (
	pluginsPath = "portal.plugins"
	// longestAcceptance is how far ahead production may accept a problem.
	longestAcceptance = 90 * day
	// oldestAdvisories is the gate's default, in days.
	oldestAdvisories = 7
)

// plugins checks the packages, what they need, and what judges them.
func (v validator) plugins() {
	v.pluginPipeline()
	v.pluginHost()
	v.pluginTrustedRoot()
	v.pluginOrigins()
	v.pluginPolicy()
	v.pluginPackages()
	v.appConfigs()
	v.rebuild()
	v.rebuiltSlots()
	v.pluginSecrets()
	v.sidecar()
}

// pluginPipeline checks that a pipeline is given when it is needed. A URL with
// installMode: dynamic is left alone: it can be the way out.
func (v validator) pluginPipeline() {
	p := v.Config.Portal.Plugins
	if v.readable(pluginsPath+".installMode", pluginsPath+".ciTriggerUrl", pluginsPath+".rebuild") &&
		p.InstallMode == InstallRebuild && p.CITriggerURL == nil && p.Rebuild == nil {
		v.refuse(pluginsPath+".ciTriggerUrl", "is missing; installMode: rebuild%s needs the pipeline that builds the image", v.line(pluginsPath+".installMode"))
	}
}

// projectFile is a file below the project's folder.
var projectFile = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\.json$`)

// pluginHost checks that the gate has something to hold packages against.
func (v validator) pluginHost() {
	const path = pluginsPath + ".host"
	p := v.Config.Portal.Plugins
	switch {
	case !v.readable(path, pluginsPath+".packages"):
	case p.Host == nil && len(p.Packages) > 0:
		v.refuse(path, "is missing; packages%s are held against the Backstage that loads them: give the file of its manifest, such as plugins/host.json", v.line(pluginsPath+".packages"))
	case p.Host != nil && !projectFile.MatchString(*p.Host):
		v.refuse(path, "%s is not a JSON file below the project's folder, such as plugins/host.json", quote(*p.Host))
	}
}

// pluginTrustedRoot checks that the keys are a file of the project.
func (v validator) pluginTrustedRoot() {
	const path = pluginsPath + ".trustedRoot"
	if root := v.Config.Portal.Plugins.TrustedRoot; root != nil && v.readable(path) && !projectFile.MatchString(*root) {
		v.refuse(path, "%s is not a JSON file below the project's folder, such as plugins/trusted_root.json", quote(*root))
	}
}

// pluginOrigins refuses what travels in the clear in production.
func (v validator) pluginOrigins() {
	if !v.production() {
		return
	}
	p := v.Config.Portal.Plugins
	for path, url := range map[string]string{pluginsPath + ".registry": string(p.Registry), pluginsPath + ".advisories": string(p.Advisories)} {
		if v.readable(path) && strings.HasPrefix(url, "http:") {
			v.refuse(path, "%s can be changed on its way; production needs https", url)
		}
	}
}

// pluginPolicy checks what only the gate's own packages know of a policy.
func (v validator) pluginPolicy() {
	const path = pluginsPath + ".policy"
	policy := v.Config.Portal.Plugins.Policy
	if policy == nil || !v.readable(path) {
		return
	}
	for i, each := range policy.Licences {
		if _, err := licence.NewList([]string{each}); err != nil {
			v.refuse(item(path+".licences", i), "%v", err)
		}
	}
	if p := policy.Provenance; !p.Required && len(p.Builders)+len(p.Repositories) > 0 {
		v.refuse(path+".provenance", "names builders or repositories, but nothing is required; set required: true")
	}
	for key, list := range map[string][]string{"builders": policy.Provenance.Builders, "repositories": policy.Provenance.Repositories} {
		if at := slices.Index(list, ""); at >= 0 {
			v.refuse(item(path+".provenance."+key, at), "is empty; give it whole")
		}
	}
	if !v.production() {
		return
	}
	if policy.RefuseFrom != nil && *policy.RefuseFrom == "critical" {
		v.refuse(path+".refuseFrom", "lets known vulnerabilities of high severity in; production refuses them: give high or less, and accept a single one in its package")
	}
	if age := policy.AdvisoriesMaxAgeDays; age != nil && *age > oldestAdvisories {
		v.refuse(path+".advisoriesMaxAgeDays", "%d is too old for production; give %d or less", *age, oldestAdvisories)
	}
}

// pluginPackages checks each package, and that each is there once.
func (v validator) pluginPackages() {
	p := v.Config.Portal.Plugins
	for i, pkg := range p.Packages {
		path := item(pluginsPath+".packages", i)
		if v.readable(path + ".name") {
			same := func(other Package) bool { return other.Name == pkg.Name }
			if first := slices.IndexFunc(p.Packages[:i], same); first >= 0 && pkg.Name != "" {
				v.refuse(path+".name", "%s is there twice, first%s; Backstage ends on two versions of one plugin: remove one", pkg.Name, v.line(item(pluginsPath+".packages", first)))
			}
		}
		if v.readable(path+".strategy", pluginsPath+".installMode", pluginsPath+".ciTriggerUrl", pluginsPath+".rebuild") &&
			p.StrategyOf(pkg) == plugins.Rebuild && p.CITriggerURL == nil && p.Rebuild == nil {
			v.refuse(path+".strategy", "rebuild needs the pipeline that builds the image: give %s.rebuild", namespace+pluginsPath)
		}
		for j, e := range pkg.Accept {
			v.acceptance(item(path+".accept", j), e)
		}
	}
}

// acceptance checks that an accepted problem has a reason, and an end. One that is over
// is no error: the day comes by itself, and would stop what has nothing to do with it.
func (v validator) acceptance(path string, e Exception) {
	if v.readable(path+".reason") && strings.TrimSpace(e.Reason) == "" {
		v.refuse(path+".reason", "is empty; the audit trail keeps why it was accepted")
	}
	if path += ".expires"; !v.readable(path) {
		return
	}
	switch ends := e.Expires.Ends(); {
	case !v.now.Before(ends):
		// What runs goes on, and nothing else waits for it: the gate is who refuses.
		v.warn(path, "%s is over: the gate refuses the package when it is judged anew; mend the problem, or look at it again and give a new day", e.Expires)
	case v.production() && ends.Sub(v.now) > longestAcceptance+day:
		v.refuse(path, "%s is %d days ahead; production accepts a problem for 90 at most: %s or before",
			e.Expires, int(ends.Sub(v.now)/day), v.now.UTC().Add(longestAcceptance).Format(time.DateOnly))
	}
}

// sidecar checks the size of the container beside Backstage.
func (v validator) sidecar() {
	const path = pluginsPath + ".sidecar"
	s := v.Config.Portal.Plugins.Sidecar
	v.requestWithinLimit(path, "cpu", "cpuLimit", s.CPU, s.CPULimit)
	v.memoryWithinLimit(path, "memory", "memoryLimit", s.Memory, s.MemoryLimit)
}
