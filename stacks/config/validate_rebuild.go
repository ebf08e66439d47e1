package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// rebuild checks that there is one pipeline, and that it says what it needs.
func (v validator) rebuild() {
	const path = pluginsPath + ".rebuild"
	r := v.Config.Portal.Plugins.Rebuild
	if r == nil || !v.readable(path) {
		return
	}
	var given []string
	for _, f := range fieldsOf(reflect.TypeFor[Rebuild]()) {
		if !reflect.ValueOf(*r).Field(f.index).IsNil() {
			given = append(given, f.name)
		}
	}
	if len(given) != 1 {
		v.refuse(path, "names %s; give exactly one of %s", pipelines(given), strings.Join(names(fieldsOf(reflect.TypeFor[Rebuild]())), ", "))
	}
	if g := r.GitHub; g != nil {
		if (g.Workflow == nil) == (g.Event == nil) {
			v.refuse(path+".github", "needs the workflow that is started, or the event that starts one; give exactly one of workflow, event")
		}
		if !githubRepository.MatchString(g.Repository) {
			v.refuse(path+".github.repository", "%s is not OWNER/NAME, such as example/portal", quote(g.Repository))
		}
	}
}

var githubRepository = regexp.MustCompile(`^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$`)

func pipelines(given []string) string {
	if len(given) == 0 {
		return "no pipeline"
	}
	return fmt.Sprintf("%d pipelines", len(given))
}

// rebuiltSlots checks that there is one image to build plugins into: both slots get
// what comes of it.
func (v validator) rebuiltSlots() {
	const path = "portal.greenImages.backstage"
	p := v.Config.Portal
	if v.readable(path, "portal.images.backstage", pluginsPath+".packages", pluginsPath+".installMode") && p.GreenImages != nil &&
		len(p.Plugins.Rebuilt()) > 0 && p.GreenImages.Backstage != p.Images.Backstage {
		v.refuse(path, "is not %s (%s.images.backstage); plugins are rebuilt into one image for both slots: give the same, or another strategy to the packages", p.Images.Backstage, namespace+"portal")
	}
}

// pluginSecrets checks that the entries with tokens are there.
func (v validator) pluginSecrets() {
	p := v.Config.Portal.Plugins
	if path := pluginsPath + ".registryTokenSecret"; p.RegistryTokenSecret != nil {
		v.namesSecret(path, *p.RegistryTokenSecret, "the registry's token")
	}
	if !v.readable(pluginsPath+".packages", pluginsPath+".installMode", pluginsPath+".rebuild") {
		return
	}
	path := pluginsPath + ".rebuild"
	switch r := p.Rebuild; {
	case r == nil:
		path = pluginsPath + ".ciTriggerUrl"
	case r.GitHub != nil:
		path += ".github"
	case r.GitLab != nil:
		path += ".gitlab"
	case r.Jenkins != nil:
		path += ".jenkins"
	}
	needed := p.PipelineSecrets()
	for _, each := range []struct{ name, what string }{
		{needed.Token, "the pipeline's token"}, {needed.Trigger, "the trigger's token"}, {needed.User, "the user's name"},
	} {
		if each.name != "" {
			v.namesSecret(path, each.name, each.what)
		}
	}
}

func (v validator) namesSecret(path, name, what string) {
	if !v.readable(path, "foundation.secrets") {
		return
	}
	if _, there := v.Config.Foundation.Secrets[name]; !there {
		v.refuse(path, "needs %s: add the secret %s", what, namespace+join("foundation.secrets", name))
	}
}
