package stacks

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

// maintenancePage is the name of the page's workload.
const maintenancePage = "maintenance"

// maintenanceImage serves the page as an ordinary user on port 8080.
const maintenanceImage = "public.ecr.aws/nginx/nginx-unprivileged:1.28.0-alpine"

// retryAfterSeconds is when clients are told to come back.
const retryAfterSeconds = 300

// The configuration and the two pages. All styles are in the page: while it is
// shown nothing else is to be had.
var (
	//go:embed maintenance.conf
	maintenanceConfig string
	//go:embed maintenance.html
	maintenanceHTML string
)

// deployMaintenance makes the page that is shown while the portal is being
// maintained, and for hosts that the portal does not have. It always runs: the
// ingress controller does not start without it, and the switch
// (portal.maintenance.enabled) then changes the routes alone. It stands outside
// the mesh, so that it answers when the mesh does not. It returns what the
// controller waits for.
func deployMaintenance(ctx *pulumi.Context, env Environment, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	files, err := maintenanceFiles(env.Config.Portal.Maintenance.Message)
	if err != nil {
		return nil, fmt.Errorf("deploy the maintenance page: %w", err)
	}
	inputs := map[string]pulumi.StringInput{}
	for name, text := range files {
		inputs[name] = pulumi.String(text)
	}
	labels := ownership(env)
	labels["sidecar.istio.io/inject"] = "false"
	page, err := workload.New(ctx, env.Named(maintenancePage), workload.Args{
		Name: maintenancePage, Namespace: namespaces[portalNamespace], Labels: labels,
		Replicas: workload.Replicas{Min: 2},
		Config:   &workload.Config{Path: "/etc/nginx/conf.d", Files: inputs},
		Pod: pod.Spec{
			Container: pod.Container{
				Image:          pulumi.String(maintenanceImage),
				Ports:          []pod.Port{{Name: "http", Number: 8080}},
				Probes:         pod.Health("http", "/healthz", "/healthz", 30),
				PreStopSeconds: 15,
				Resources:      pod.Resources{CPURequest: "10m", MemoryRequest: "32Mi", CPULimit: "100m", MemoryLimit: "64Mi"},
			},
		},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy the maintenance page: %w", err)
	}
	return page, nil
}

// maintenanceFiles are the page's files. The message is a person's text: it is
// escaped for where it stands.
func maintenanceFiles(message string) (map[string]string, error) {
	page, err := template.New("page").Parse(maintenanceHTML)
	if err != nil {
		return nil, err
	}
	var html strings.Builder
	if err := page.Execute(&html, message); err != nil {
		return nil, err
	}
	object, err := json.Marshal(map[string]string{"error": "maintenance", "message": message})
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"default.conf":     strings.ReplaceAll(maintenanceConfig, "RETRY_AFTER", fmt.Sprint(retryAfterSeconds)),
		"maintenance.html": html.String(),
		"maintenance.json": string(object) + "\n",
	}, nil
}
