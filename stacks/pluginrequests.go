package stacks

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
)

// requests are what the installer's Jobs are asked to do, as text.
type requests struct {
	stages []stageRequest
	// set is of all plugins; activate is that with what the portal runs, and maintain
	// what the nightly job works with.
	set, activate, maintain string
	// build is of those that need another image, and pipeline what builds it; ""
	// without any.
	build, pipeline string
	// trustedRoot is sigstore's trusted_root.json, "" for that of the installer.
	trustedRoot string
}

// stageRequest is one plugin's.
type stageRequest struct{ plugin, text string }

// maxRequest is what one variable of a process may hold on Linux, its name and the
// end included (MAX_ARG_STRLEN), in bytes.
const maxRequest = 128<<10 - 64

// newRequests says what a configuration asks for. Order does not matter: it is
// that of names.
func newRequests(c config.Config, env, root string) (requests, error) {
	var r requests
	wanted := c.Portal.Plugins
	host, err := readHost(root, wanted.Host)
	if err != nil {
		return r, err
	}
	if r.trustedRoot, err = readTrustedRoot(root, wanted.TrustedRoot); err != nil {
		return r, err
	}
	set := install.SetRequest{Plugins: []install.Plugin{}, Keep: wanted.Keep}
	for _, each := range byName(wanted.Packages) {
		request, err := newStageRequest(wanted, each, host)
		if err != nil {
			return r, fmt.Errorf("%s: %w", each.Name, err)
		}
		text, err := encode(request)
		if err != nil {
			return r, fmt.Errorf("%s: %w", each.Name, err)
		}
		r.stages = append(r.stages, stageRequest{string(each.Name), text})
		set.Plugins = append(set.Plugins, request.Plugin)
	}
	err = r.ofAll(c, env, set, host)
	return r, err
}

func byName(packages []config.Package) []config.Package {
	return slices.SortedFunc(slices.Values(packages), func(a, b config.Package) int { return cmp.Compare(a.Name, b.Name) })
}

// rebuild is the image that plugins are built into, nil when none needs one. Their
// app-config is no part of it: that comes with the generation.
func rebuild(c config.Config, env string) *install.BuildRequest {
	var built []install.Plugin
	for _, each := range byName(c.Portal.Plugins.Rebuilt()) {
		built = append(built, install.Plugin{Ref: each.Ref(), Integrity: each.Integrity.Sum(), Strategy: plugins.Rebuild})
	}
	if len(built) == 0 {
		return nil
	}
	return &install.BuildRequest{Plugins: built, Base: string(c.Portal.Images.Backstage), Environment: env, Container: install.App}
}

// ofAll writes the requests that are of all plugins.
func (r *requests) ofAll(c config.Config, env string, set install.SetRequest, host gate.Host) (err error) {
	if r.set, err = encode(set); err != nil {
		return err
	}
	if set.Workload, err = runs(c); err != nil {
		return err
	}
	if set.Build = rebuild(c, env); set.Build != nil {
		if r.pipeline, err = pipeline(c.Portal.Plugins); err != nil {
			return err
		}
		if r.build, err = encode(*set.Build); err != nil {
			return err
		}
	}
	if r.activate, err = encode(set); err != nil {
		return err
	}
	policy, err := config.PluginsPolicyYAML(c.Portal.Plugins)
	if err != nil {
		return err
	}
	r.maintain, err = encode(install.MaintainRequest{Set: set, Policy: policy, Host: host})
	return err
}

// pipeline is what rebuilds the image, with the keys that configuration has:
// {"codeBuild": {"project": …}}, or {"webhook": {"url": …}} where there is nothing
// but a URL that starts it.
func pipeline(c config.Plugins) (string, error) {
	if c.Rebuild == nil {
		if c.CITriggerURL == nil {
			return "", errors.New("a package is to be rebuilt and nothing rebuilds it: set portal.plugins.rebuild")
		}
		return encode(map[string]any{"webhook": map[string]any{"url": c.CITriggerURL}})
	}
	text, err := yaml.Marshal(c.Rebuild)
	if err != nil {
		return "", fmt.Errorf("write the pipeline: %w", err)
	}
	var named map[string]any
	if err := yaml.Unmarshal(text, &named); err != nil {
		return "", fmt.Errorf("write the pipeline: %w", err)
	}
	maps.DeleteFunc(named, func(_ string, value any) bool { return value == nil })
	for _, one := range named {
		if keys, is := one.(map[string]any); is {
			// Which entries have the tokens is not the installer's to know.
			maps.DeleteFunc(keys, func(key string, _ any) bool { return strings.HasSuffix(key, "Secret") })
		}
	}
	return encode(named)
}

func newStageRequest(c config.Plugins, of config.Package, host gate.Host) (install.StageRequest, error) {
	fragment, err := of.AppConfigYAML()
	if err != nil {
		return install.StageRequest{}, fmt.Errorf("write its app-config: %w", err)
	}
	policy, err := config.PluginPolicyYAML(c, of)
	if err != nil {
		return install.StageRequest{}, err
	}
	return install.StageRequest{
		Plugin: install.Plugin{Ref: of.Ref(), Integrity: of.Integrity.Sum(), Strategy: c.StrategyOf(of), AppConfig: fragment},
		Policy: policy, Host: host,
	}, nil
}

// runs is what the portal runs, as far as it decides whether plugins load.
func runs(c config.Config) (string, error) {
	p := c.Portal
	text, err := json.Marshal(struct {
		Images             []config.ImageReference
		Command, AppConfig []string
	}{backstageImages(c), p.Plugins.Command, p.Plugins.AppConfig})
	return string(text), err
}

// backstageImages are those of all containers that load plugins.
func backstageImages(c config.Config) []config.ImageReference {
	images := []config.ImageReference{c.Portal.Images.Backstage}
	if c.Portal.GreenImages != nil {
		images = append(images, c.Portal.GreenImages.Backstage)
	}
	if loadsBeside(c) {
		images = append(images, c.Portal.Images.PluginLoader)
	}
	return images
}

func encode(request any) (string, error) {
	text, err := install.Encode(request)
	if err == nil && len(text) > maxRequest {
		err = fmt.Errorf("the request has %d bytes, of %d that a variable holds: shorten the host's manifest to what the portal's package.json names, or the app-config", len(text), maxRequest)
	}
	return text, err
}
