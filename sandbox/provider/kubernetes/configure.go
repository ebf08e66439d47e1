package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// settings are the provider's inputs, read.
type settings struct {
	kubeconfig string // contents or path
	context    string // of the kubeconfig; empty: its current one
	cluster    string // of the kubeconfig; empty: the context's
	namespace  string // empty: the context's, then "default"

	timeout time.Duration // of one request: kubeClientSettings.timeout

	forceConflicts   bool // enablePatchForce
	mutableConfigMap bool // enableConfigMapMutable
	mutableSecret    bool // enableSecretMutable
	upsert           bool // upsertExistingObjects
	quiet            bool // suppressDeprecationWarnings
}

// inputs says what each known input of the official provider means here.
// An input without effect is accepted when leaving it out changes nothing that
// the sandbox can show.
func (s *settings) inputs() map[resource.PropertyKey]any {
	return map[resource.PropertyKey]any{
		"kubeconfig":                  &s.kubeconfig,
		"context":                     &s.context,
		"cluster":                     &s.cluster,
		"namespace":                   &s.namespace,
		"enablePatchForce":            &s.forceConflicts,
		"enableConfigMapMutable":      &s.mutableConfigMap,
		"enableSecretMutable":         &s.mutableSecret,
		"upsertExistingObjects":       &s.upsert,
		"suppressDeprecationWarnings": &s.quiet,
		"clusterIdentifier":           nil,
		"deleteUnreachable":           nil,
		"enableServerSideApply":       nil,
		"helmReleaseSettings":         nil,
		"kubeClientSettings":          &s.timeout,
		"skipUpdateUnreachable":       nil,
		"suppressHelmHookWarnings":    nil,
	}
}

// ofEngine tells the inputs that the engine adds for itself.
func ofEngine(key resource.PropertyKey) bool {
	return key == "version" || key == "pluginDownloadURL" || resource.IsInternalPropertyKey(key)
}

// readSettings reads the provider's inputs. Whatever it does not know is a
// failure, by input. known is false while the kubeconfig is.
func readSettings(props resource.PropertyMap) (s settings, known bool, failures []plugin.CheckFailure) {
	fail := func(key resource.PropertyKey, format string, args ...any) {
		failures = append(failures, plugin.CheckFailure{Property: key, Reason: fmt.Sprintf(format, args...)})
	}
	known, s.timeout = true, callTimeout
	accepted := s.inputs()
	for _, key := range slices.Sorted(maps.Keys(props)) {
		target, ok := accepted[key]
		value := reveal(props[key])
		switch {
		case ofEngine(key) || value.IsNull():
			continue
		case !ok:
			fail(key, "the sandbox's kubernetes provider has no input %q; it has %s", key, names(accepted))
			continue
		case value.ContainsUnknowns():
			known = known && target == nil
			continue
		}
		switch target := target.(type) {
		case *string:
			if !value.IsString() {
				fail(key, "%s must be a string", key)
				continue
			}
			*target = value.StringValue()
		case *time.Duration:
			if seconds := clientTimeout(value); seconds > 0 {
				*target = time.Duration(seconds * float64(time.Second))
			}
		case *bool:
			// The engine hands a provider's inputs over as strings of JSON.
			on, err := strconv.ParseBool(strings.Trim(fmt.Sprint(value.V), `"`))
			if err != nil {
				fail(key, "%s must be true or false", key)
				continue
			}
			*target = on
		}
	}
	if apply, ok := props["enableServerSideApply"]; ok && strings.Trim(fmt.Sprint(reveal(apply).V), `"`) == "false" {
		fail("enableServerSideApply", "the sandbox's kubernetes provider always applies on the server; leave enableServerSideApply out")
	}
	if known && s.kubeconfig == "" {
		fail("kubeconfig", "the sandbox's kubernetes provider needs a kubeconfig: give the program a kubernetes.Provider "+
			"with the sandbox's kubeconfig (gatehouse sandbox env); your own default context is never used")
	}
	return s, known, failures
}

// clientTimeout reads the timeout, in seconds, of the client's settings; the
// engine may hand them over as a string of JSON.
func clientTimeout(v resource.PropertyValue) float64 {
	if v.IsString() {
		var decoded map[string]any
		if json.Unmarshal([]byte(v.StringValue()), &decoded) != nil {
			return 0
		}
		v = resource.NewPropertyValue(decoded)
	}
	if !v.IsObject() {
		return 0
	}
	if timeout := reveal(v.ObjectValue()["timeout"]); timeout.IsNumber() {
		return timeout.NumberValue()
	}
	return 0
}

func names(inputs map[resource.PropertyKey]any) string {
	var out []string
	for key := range inputs {
		out = append(out, string(key))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// CheckConfig refuses inputs that the stand-in does not know, and any
// kubeconfig that leads off this machine.
func (p *Provider) CheckConfig(_ context.Context, req plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	s, known, failures := readSettings(req.News)
	if known && len(failures) == 0 {
		if _, _, err := restConfig(s); err != nil {
			failures = append(failures, plugin.CheckFailure{Property: "kubeconfig", Reason: err.Error()})
		}
	}
	return plugin.CheckConfigResponse{Properties: req.News, Failures: failures}, nil
}

// DiffConfig replaces the provider, and so everything in its cluster, only
// when clusterIdentifier changes. The sandbox's address and certificates
// change whenever it is started anew, and mean nothing.
func (p *Provider) DiffConfig(_ context.Context, req plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	change := revealAll(req.OldInputs).Diff(revealAll(req.NewInputs))
	if change == nil {
		return plugin.DiffConfigResponse{Changes: plugin.DiffNone}, nil
	}
	diff := plugin.DiffConfigResponse{Changes: plugin.DiffSome, ChangedKeys: change.ChangedKeys()}
	if change.Changed("clusterIdentifier") {
		diff.ReplaceKeys = []resource.PropertyKey{"clusterIdentifier"}
	}
	return diff, nil
}

// Configure connects to the API server of the kubeconfig. A kubeconfig that is
// not known yet leaves the provider unconnected: previews then show what the
// program says and ask no server.
func (p *Provider) Configure(_ context.Context, req plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	s, known, failures := readSettings(req.Inputs)
	if len(failures) > 0 {
		return plugin.ConfigureResponse{}, fmt.Errorf("configure kubernetes provider: %s", failures[0].Reason)
	}
	p.settings = s
	p.log.suppress = s.quiet
	if !known {
		return plugin.ConfigureResponse{}, nil
	}
	var err error
	if p.cluster, err = connect(s, p.log); err != nil {
		return plugin.ConfigureResponse{}, fmt.Errorf("configure kubernetes provider: %w", err)
	}
	return plugin.ConfigureResponse{}, nil
}
