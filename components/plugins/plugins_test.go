package plugins_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/plugins"
	"gatehouse/components/pod"
)

const (
	jobType     = "kubernetes:batch/v1:Job"
	cronJobType = "kubernetes:batch/v1:CronJob"
	monitorType = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
	inPod       = "spec.template.spec."
)

func request(text string) []pod.Env {
	return []pod.Env{{Name: "REQUEST", Value: pulumi.String(text)}}
}

func args() plugins.Args {
	return plugins.Args{
		Namespace: pulumi.String("market"), Labels: map[string]string{"gatehouse/owner": "platform"},
		Image: pulumi.String("installer:1"), Claim: "goods",
		Settings: []pod.Env{{Name: "REGISTRY", Value: pulumi.String("https://npm.example.com")}, {Name: "POD", Field: "metadata.name"}},
		Stages: []plugins.Step{
			{Name: "plugin-stage-a-0123456789", Plugin: "@shop/a", Env: request("a")},
			{Name: "plugin-stage-b-0123456789", Plugin: "b", Env: request("b")},
		},
		Assemble: plugins.Step{Name: "plugin-assemble-0123456789", Env: request("all")},
		Maintain: request("all"), Schedule: "30 3 * * *",
	}
}

func portal() plugins.Portal {
	return plugins.Portal{
		Activate: plugins.Step{Name: "plugin-activate-0123456789", Env: request("all, and what runs")},
		App:      "shop", Meshed: true, Scraped: []string{"plugins"},
		Ports: []pod.Port{{Name: "http", Number: 7007}, {Name: "plugins", Number: 7010}},
	}
}

// try makes the plugins around a stand-in for the portal, beside one for the volume.
func try(a plugins.Args, of plugins.Portal, opts ...pulumi.ResourceOption) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		volume, err := corev1.NewConfigMap(ctx, "the-volume", nil)
		if err != nil {
			return err
		}
		a.Before = []pulumi.Resource{volume}
		staged, err := plugins.Stage(ctx, "p", a, opts...)
		if err != nil {
			return err
		}
		if of.Workload, err = corev1.NewConfigMap(ctx, "the-portal", nil, pulumi.DependsOn(staged.Built())); err != nil {
			return err
		}
		return staged.Activate(ctx, of)
	})
}

func run(t *testing.T, a plugins.Args) componenttest.Registrations {
	t.Helper()
	seen, err := try(a, portal())
	require.NoError(t, err)
	return seen
}

// waits are the names of what a Job waits for.
func waits(r componenttest.Registration) []string {
	var names []string
	for _, urn := range r.Dependencies {
		names = append(names, urn[strings.LastIndex(urn, "::")+2:])
	}
	slices.Sort(names)
	return names
}

func TestTheJobsFollowEachOther(t *testing.T) {
	with := args()
	with.Build = &plugins.Step{Name: "plugin-build-0123456789", Env: request("rebuild")}
	seen := run(t, with)
	require.Len(t, seen.OfType(jobType), 5)
	first := []string{"p-status", "the-volume"}
	for name, want := range map[string][]string{
		"p-stage-@shop/a": first, "p-stage-b": first,
		"p-assemble": {"p-stage-@shop/a", "p-stage-b", "p-status", "the-volume"},
		"p-build":    {"p-stage-@shop/a", "p-stage-b", "p-status", "the-volume"},
		"p-activate": {"p-assemble", "p-build", "p-reports", "the-portal"},
	} {
		require.Equal(t, want, waits(seen.Named(t, jobType, name)), name)
	}
	require.Equal(t, []string{"p-build"}, waits(seen.Named(t, "kubernetes:core/v1:ConfigMap", "the-portal")), "its image is built first")
	require.Equal(t, first, waits(seen.One(t, cronJobType)))
	require.Equal(t, []string{"the-portal"}, waits(seen.One(t, "kubernetes:core/v1:Service")), "the elder Service says what is spoken")

	none := args()
	none.Stages = nil
	seen = run(t, none)
	require.Len(t, seen.OfType(jobType), 2, "no plugin at all is a generation too")
	require.Equal(t, first, waits(seen.Named(t, jobType, "p-assemble")))
	require.Empty(t, waits(seen.Named(t, "kubernetes:core/v1:ConfigMap", "the-portal")))
}

func TestAJob(t *testing.T) {
	job := run(t, args()).Named(t, jobType, "p-stage-@shop/a")
	for path, want := range map[string]any{
		"metadata.name": "plugin-stage-a-0123456789", "metadata.namespace": "market",
		`metadata.annotations["pulumi.com/replaceUnready"]`: "true",
		`metadata.annotations["gatehouse/plugin"]`:          "@shop/a",
		"metadata.labels":                      map[string]any{"app": "plugin-installer", "gatehouse/owner": "platform", "gatehouse/job": "plugin-install"},
		"spec.template.metadata.labels":        map[string]any{"app": "plugin-installer", "gatehouse/owner": "platform", "gatehouse/job": "plugin-install"},
		"spec.backoffLimit":                    3.0,
		"spec.ttlSecondsAfterFinished":         nil,
		inPod + "restartPolicy":                "Never",
		inPod + "serviceAccountName":           "plugin-installer",
		inPod + "automountServiceAccountToken": true,
		inPod + "priorityClassName":            "gatehouse-batch",
		inPod + "containers[0].name":           "plugin-installer",
		inPod + "containers[0].image":          "installer:1",
		inPod + "containers[0].args":           []any{"stage"},
		inPod + "containers[0].env": []any{
			map[string]any{"name": "REGISTRY", "value": "https://npm.example.com"},
			map[string]any{"name": "POD", "valueFrom": map[string]any{"fieldRef": map[string]any{"fieldPath": "metadata.name"}}},
			map[string]any{"name": "REQUEST", "value": "a"},
		},
		inPod + "containers[0].volumeMounts[1]": map[string]any{"name": "claim-goods", "mountPath": "/plugins"},
	} {
		require.Equal(t, want, job.Input(path), path)
	}
	require.Equal(t, []any{
		map[string]any{"action": "Ignore", "onPodConditions": []any{map[string]any{"type": "DisruptionTarget", "status": "True"}}},
		map[string]any{"action": "FailJob", "onExitCodes": map[string]any{
			"containerName": "plugin-installer", "operator": "In", "values": []any{1.0, 2.0},
		}},
	}, job.Input("spec.podFailurePolicy.rules"), "a lost node comes first: its pods may end with any code")
}

// Spot capacity is for what another run does again; Kubernetes gives up before
// Pulumi does.
func TestPlacesAndLimits(t *testing.T) {
	with := args()
	with.Build = &plugins.Step{Name: "plugin-build-0123456789", Env: request("rebuild")}
	timeouts := map[string]time.Duration{}
	seen, err := try(with, portal(), pulumi.Transformations([]pulumi.ResourceTransformation{func(r *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		if r.Type == jobType {
			snapshot, err := pulumi.NewResourceOptions(r.Opts...)
			require.NoError(t, err)
			timeouts[r.Name], err = time.ParseDuration(snapshot.CustomTimeouts.Create)
			require.NoError(t, err)
		}
		return nil
	}}))
	require.NoError(t, err)
	spot := map[string]any{"node.kubernetes.io/lifecycle": "spot"}
	apps := map[string]any{"gatehouse/pool": "apps"}
	for name, want := range map[string]struct {
		minutes  int
		selector map[string]any
		needs    any
	}{
		"p-stage-b": {15, spot, nil}, "p-assemble": {10, apps, nil}, "p-build": {60, spot, nil}, "p-activate": {30, apps, "backstage"},
	} {
		job := seen.Named(t, jobType, name)
		require.Equal(t, float64(60*want.minutes), job.Input("spec.activeDeadlineSeconds"), name)
		require.Greater(t, timeouts[name], time.Duration(want.minutes)*time.Minute, name)
		require.Less(t, timeouts[name], time.Duration(want.minutes+10)*time.Minute, name)
		require.Equal(t, want.selector, job.Input(inPod+"nodeSelector"), name)
		require.Equal(t, want.needs, job.Input(`spec.template.metadata.labels["gatehouse/needs"]`), name)
	}
	require.Equal(t, []any{map[string]any{"key": "spot", "operator": "Equal", "value": "true", "effect": "NoSchedule"}},
		seen.Named(t, jobType, "p-stage-b").Input(inPod+"tolerations"))
}

func TestTheCronJobIsTheGuides(t *testing.T) {
	job := run(t, args()).One(t, cronJobType)
	for path, want := range map[string]any{
		"metadata.name": "plugin-installer", "spec.schedule": "30 3 * * *", "spec.timeZone": "Etc/UTC",
		"spec.concurrencyPolicy": "Forbid", "spec.suspend": false,
		"spec.jobTemplate.spec.template.spec.containers[0].args":   []any{"maintain"},
		"spec.jobTemplate.spec.template.spec.containers[0].env[2]": map[string]any{"name": "REQUEST", "value": "all"},
		"spec.jobTemplate.spec.template.spec.restartPolicy":        "Never",
		`spec.jobTemplate.metadata.labels["gatehouse/job"]`:        "plugin-install",
		"spec.jobTemplate.spec.podFailurePolicy.rules[1].action":   "FailJob",
		"spec.jobTemplate.spec.template.spec.nodeSelector":         map[string]any{"gatehouse/pool": "apps"},
		"spec.jobTemplate.spec.template.metadata.labels.app":       "plugin-installer",
	} {
		require.Equal(t, want, job.Input(path), path)
	}
}

// What is in the ConfigMap is the installer's: whatever stood here would be written
// over it.
func TestTheStatusIsMadeAndLeftAlone(t *testing.T) {
	status := run(t, args()).Named(t, "kubernetes:core/v1:ConfigMap", "p-status")
	require.Equal(t, "backstage-plugins", status.Input("metadata.name"))
	require.Nil(t, status.Input("data"))
	require.Nil(t, status.Input("binaryData"))
}

func TestEveryPodReportsForItself(t *testing.T) {
	seen := run(t, args())
	service := seen.One(t, "kubernetes:core/v1:Service")
	require.Equal(t, "backstage-plugins", service.Input("metadata.name"))
	require.Equal(t, "shop", service.Input("metadata.labels.app"))
	require.Equal(t, map[string]any{
		"clusterIP": "None", "selector": map[string]any{"app": "shop"},
		"ports": []any{
			map[string]any{"name": "http", "port": 7007.0, "targetPort": "http", "protocol": "TCP", "appProtocol": "tcp"},
			map[string]any{"name": "plugins", "port": 7010.0, "targetPort": "plugins", "protocol": "TCP", "appProtocol": "tcp"},
		},
	}, service.Input("spec"))
	monitor := seen.One(t, monitorType)
	require.Equal(t, "backstage-plugins", monitor.Input("metadata.name"))
	require.Equal(t, map[string]any{"matchLabels": map[string]any{"app": "shop"}}, monitor.Input("spec.selector"))
	require.Len(t, monitor.Input("spec.endpoints"), 1, "the other port has no metrics")
	for path, want := range map[string]any{"port": "plugins", "path": "/metrics", "interval": "30s", "scheme": "https"} {
		require.Equal(t, want, monitor.Input("spec.endpoints[0]."+path), path)
	}
	plain := portal()
	plain.Meshed = false
	seen, err := try(args(), plain)
	require.NoError(t, err)
	require.Equal(t, "http", seen.One(t, monitorType).Input("spec.endpoints[0].scheme"))
}

func TestNames(t *testing.T) {
	for plugin, want := range map[string]string{
		"catalog":                            "plugin-stage-catalog-0123456789",
		"@backstage/plugin-catalog":          "plugin-stage-backstage-plugin-catalog-0123456789",
		"@a.b_c/~d..e":                       "plugin-stage-a-b-c-d-e-0123456789",
		"~":                                  "plugin-stage--0123456789",
		"@scope/" + strings.Repeat("x", 207): "",
	} {
		name := plugins.StageName(plugin, "0123456789")
		require.LessOrEqual(t, len(name), 63)
		require.Regexp(t, `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`, name)
		if want != "" {
			require.Equal(t, want, name)
		}
	}
	require.Equal(t, "plugin-assemble-1", plugins.AssembleName("1"))
	require.Equal(t, "plugin-activate-1", plugins.ActivateName("1"))
	require.Equal(t, "plugin-build-1", plugins.BuildName("1"))
}

func TestRefusals(t *testing.T) {
	for want, mutate := range map[string]func(*plugins.Args, *plugins.Portal){
		"name the claim":                 func(a *plugins.Args, _ *plugins.Portal) { a.Claim = "" },
		"write five cron fields":         func(a *plugins.Args, _ *plugins.Portal) { a.Schedule = "nightly" },
		"1 to 63 characters, not \"\"":   func(_ *plugins.Args, p *plugins.Portal) { p.Activate.Name = "" },
		"1 to 63 characters, not \"xxxx": func(a *plugins.Args, _ *plugins.Portal) { a.Assemble.Name = strings.Repeat("x", 64) },
		"plugin-assemble-0123456789\" is there twice": func(a *plugins.Args, _ *plugins.Portal) {
			a.Build = &plugins.Step{Name: a.Assemble.Name}
		},
		"name the plugin that plugin-stage-a": func(a *plugins.Args, _ *plugins.Portal) { a.Stages[0].Plugin = "" },
		"that has metrics":                    func(_ *plugins.Args, p *plugins.Portal) { p.Scraped = nil },
		"\"web\" is none":                     func(_ *plugins.Args, p *plugins.Portal) { p.Scraped = []string{"web"} },
		"plugin-build-1\" is there twice": func(a *plugins.Args, p *plugins.Portal) {
			a.Build = &plugins.Step{Name: "plugin-build-1"}
			p.Activate.Name = a.Build.Name
		},
		"name its image": func(a *plugins.Args, _ *plugins.Portal) { a.Image = nil },
	} {
		some, of := args(), portal()
		mutate(&some, &of)
		_, err := try(some, of)
		require.ErrorContains(t, err, want)
	}
}

func TestEverythingIsNamedOwnedAndAChild(t *testing.T) {
	seen := run(t, args()).Customs()
	kinds := map[string]int{}
	for _, r := range seen {
		if strings.HasPrefix(r.Name, "the-") {
			continue
		}
		kinds[r.Type]++
		require.NotEmpty(t, r.Input("metadata.name"), r.Name)
		require.Equal(t, "market", r.Input("metadata.namespace"), r.Name)
		require.Equal(t, "platform", r.Input(`metadata.labels["gatehouse/owner"]`), r.Name)
		require.Contains(t, r.Parent, "gatehouse:kubernetes:Plugins::p", r.Name)
	}
	require.Equal(t, []int{1, 1, 1, 1, 4}, slices.Sorted(maps.Values(kinds)))
}
