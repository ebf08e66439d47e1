package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/emulator"
	"gatehouse/sandbox/metrics"
	"gatehouse/sandbox/process"
)

// Names of the parts that are not the control plane's.
const (
	awsPart  = "aws"
	nodePart = "node"
)

// mark is set in the environment of every part, with the folder of the sandbox
// as its value, so that a process which nobody has written down is found again.
const mark = "GATEHOUSE_SANDBOX_PROCESS"

// part is one process of the sandbox, as data.
type part struct {
	name string
	// after are the parts that must be ready first.
	after []string
	// command says how to start it.
	command process.Command
	// healthy returns nil when it is ready for work.
	healthy func(context.Context) error
	// prepare makes what it reads before it starts, settle finishes it once it
	// is healthy. Both may be nil.
	prepare, settle func(context.Context) error
	// optional is true when the sandbox is of use without it.
	optional bool
}

func partNames() []string {
	return []string{
		controlplane.Etcd, controlplane.APIServer, controlplane.ControllerManager, controlplane.Scheduler, nodePart, awsPart,
	}
}

// parts lists the sandbox's processes, servers last. Ports are given by name. The
// nodes read secrets from the emulator at aws; empty means the sandbox's own.
func (s *Sandbox) parts(tools Tools, ports map[string]int, aws string, probe controlplane.Probe, servers []data.Server) []part {
	layout := s.layout(tools)
	if aws == "" {
		aws = emulator.Endpoint(ports[awsPart])
	}
	commands := map[string]process.Command{
		controlplane.Etcd:              layout.Etcd(ports[controlplane.Etcd], ports[controlplane.EtcdPeer]),
		controlplane.APIServer:         layout.APIServer(ports[controlplane.APIServer], ports[controlplane.Etcd]),
		controlplane.ControllerManager: layout.ControllerManager(ports[controlplane.ControllerManager]),
		controlplane.Scheduler:         layout.Scheduler(ports[controlplane.Scheduler]),
		nodePart: {
			Path: tools.Gatehouse,
			Args: []string{
				"sandbox", "node", "--kubeconfig", s.Kubeconfig(),
				"--listen", process.Address(ports[nodePart]), "--volumes", filepath.Join(s.dir, "volumes"),
				"--aws-endpoint", aws, "--usage", "--pods", s.pods(), "--control-plane", s.dir,
			},
			Log: layout.Log(nodePart),
		},
		awsPart: emulator.Command(tools.Emulator, ports[awsPart], layout.Log(awsPart)),
	}
	after := map[string][]string{
		controlplane.APIServer:         {controlplane.Etcd},
		controlplane.ControllerManager: {controlplane.APIServer},
		controlplane.Scheduler:         {controlplane.APIServer},
		nodePart:                       {controlplane.APIServer},
	}
	if tools.Backstage != "" {
		nodes := commands[nodePart]
		nodes.Args = append(nodes.Args, "--backstage", tools.Backstage)
		commands[nodePart] = nodes
	}
	commands[nodePart] = s.monitored(commands[nodePart], tools, ports, servers)
	var parts []part
	for _, name := range partNames() {
		command := commands[name]
		command.Env = append(command.Env, mark+"="+s.dir)
		p := part{name: name, after: after[name], command: command, healthy: healthy(name, ports[name], probe)}
		if name == awsPart {
			p.prepare = func(context.Context) error { return emulator.Prepare(command.Log) }
		}
		parts = append(parts, p)
	}
	for _, server := range servers {
		command := server.Command
		command.Env = append(slices.Clone(command.Env), mark+"="+s.dir)
		parts = append(parts, part{
			name: server.Name, after: server.After, command: command, optional: true,
			healthy: server.Healthy, prepare: server.Prepare, settle: server.Settle,
		})
	}
	return parts
}

// pods is the folder of the pods that run.
func (s *Sandbox) pods() string { return filepath.Join(s.dir, "pods") }

// monitored tells the nodes where to bring the rules and routes of the cluster.
func (s *Sandbox) monitored(nodes process.Command, tools Tools, ports map[string]int, servers []data.Server) process.Command {
	sink := false
	for _, server := range servers {
		switch server.Name {
		case metrics.PrometheusName:
			prometheus := s.prometheus(tools, ports)
			nodes.Args = append(nodes.Args, "--prometheus", prometheus.URL(), "--rules", prometheus.Rules(), "--probes", prometheus.Probes())
		case metrics.AlertmanagerName:
			alertmanager := s.alertmanager(tools, ports)
			nodes.Args = append(nodes.Args, "--alertmanager", alertmanager.URL(), "--routes", alertmanager.File())
			sink = true
		}
	}
	if sink {
		nodes.Args = append(nodes.Args, "--sink", process.Address(ports[sinkPort]))
	}
	return nodes
}

func healthy(name string, port int, probe controlplane.Probe) func(context.Context) error {
	switch name {
	case awsPart:
		return func(ctx context.Context) error { return emulator.Healthy(ctx, emulator.Endpoint(port)) }
	case nodePart:
		return func(ctx context.Context) error { return nodeHealthy(ctx, port) }
	default:
		return func(ctx context.Context) error { return probe.Healthy(ctx, name, port) }
	}
}

func nodeHealthy(ctx context.Context, port int) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+process.Address(port)+"/healthz", nil)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("node: %s", response.Status)
	}
	return nil
}

// fingerprint is equal for two starts of the same program in the same way. The
// program counts by path, size and time. Inputs are what a part reads from
// files whose paths stay the same.
func fingerprint(command process.Command, inputs ...string) (string, error) {
	info, err := os.Stat(command.Path)
	if err != nil {
		return "", fmt.Errorf("find the program: %w", err)
	}
	text, err := json.Marshal([]any{command, info.Size(), info.ModTime().UnixNano(), inputs})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8]), nil
}
