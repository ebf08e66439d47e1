package sandbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"sync"
	"time"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/emulator"
	"gatehouse/sandbox/node"
)

// healthLimit is how long Status waits for the answer of a part.
const healthLimit = 5 * time.Second

// Status is how a sandbox is.
type Status struct {
	// Parts are the processes, in the order in which they start.
	Parts      []Part     `json:"parts"`
	Kubernetes Kubernetes `json:"kubernetes"`
	AWS        AWS        `json:"aws"`
	// Data is how the servers are reached, nil for a sandbox without them.
	Data *Data `json:"data,omitempty"`
	// Missing says of servers that are not installed, by kind, and of those that
	// did not start, by name, why and what to do.
	Missing map[string]string `json:"missing,omitempty"`
}

// Part is one process.
type Part struct {
	Name string `json:"name"`
	// PID and Port are zero for a part that was never started.
	PID  int `json:"pid"`
	Port int `json:"port"`
	// Alive is true while the process runs, Healthy when it also says that it
	// is ready for work.
	Alive   bool `json:"alive"`
	Healthy bool `json:"healthy"`
	// Problem says why a part is not healthy.
	Problem string `json:"problem,omitempty"`
	// Log is the path of its output.
	Log string `json:"log,omitempty"`
}

// Kubernetes is the cluster of the sandbox.
type Kubernetes struct {
	// Version of the API server, such as v1.34.1.
	Version string `json:"version"`
	// Server is its URL.
	Server string `json:"server"`
	// Kubeconfig is the path of the admin's kubeconfig, mode 0600.
	Kubeconfig string `json:"kubeconfig"`
	// Pretended names what only looks as if it were there.
	Pretended []string `json:"pretended"`
	// Processes is how many processes of pods run.
	Processes int `json:"processes"`
}

// AWS is the emulator of the sandbox.
type AWS struct {
	// Name is "moto", or "external" for one that was named by --aws-endpoint.
	Name string `json:"name"`
	// Version of moto; empty for another.
	Version string `json:"version,omitempty"`
	// Endpoint is its URL, without a trailing slash.
	Endpoint string `json:"endpoint"`
	// Account is the ID of the account that it pretends to be; empty when that
	// is not known.
	Account string `json:"account,omitempty"`
	// Generation is another one after every start of the emulator. What was
	// created under an older generation is gone: moto keeps it in memory.
	Generation string `json:"generation"`
}

// Ready says whether every part is healthy.
func (st Status) Ready() bool {
	for _, part := range st.Parts {
		if !part.Healthy {
			return false
		}
	}
	return len(st.Parts) > 0
}

// Status asks every part how it is. A sandbox that was never up has parts that
// are not alive; that is no error.
func (s *Sandbox) Status(ctx context.Context) (Status, error) {
	state, err := s.load()
	if errors.Is(err, errDamaged) {
		return Status{}, fmt.Errorf("%w; run `gatehouse sandbox up`, which mends it", err)
	}
	if err != nil {
		return Status{}, err
	}
	status := Status{AWS: s.aws(state)}
	status.Kubernetes = Kubernetes{
		Version: state.Kubernetes, Kubeconfig: s.Kubeconfig(), Pretended: node.Pretended(state.Backstage != ""),
		Processes: len(node.Processes(s.pods())),
	}
	if port := state.Ports[controlplane.APIServer]; port != 0 {
		status.Kubernetes.Server = controlplane.Server(port)
	}
	// Without certificates nothing was ever started, and nobody is asked.
	probe, probeErr := s.layout(Tools{}).NewProbe()
	var asked sync.WaitGroup
	var servers []data.Server
	if state.Servers != nil {
		fleet := s.servers(Tools{}, *state.Servers, state.Ports)
		servers, status.Data, status.Missing = fleet.servers, &fleet.data, fleet.missing
		maps.Copy(status.Missing, state.Servers.Failed)
	}
	parts := s.parts(Tools{}, state.Ports, "", probe, servers)
	for _, part := range parts {
		status.Parts = append(status.Parts, Part{
			Name: part.name, PID: state.Parts[part.name].PID, Port: state.Ports[part.name], Log: part.command.Log,
			Alive: state.Parts[part.name].Alive(),
		})
	}
	for i := range status.Parts {
		asked.Go(func() { ask(ctx, &status.Parts[i], state, parts[i], probeErr) })
	}
	asked.Wait()
	return status, nil
}

func ask(ctx context.Context, part *Part, state *state, known part, probeErr error) {
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	err := probeErr
	if known.optional { // asked without the certificates
		err = nil
	}
	switch external := state.AWS.Endpoint; {
	case part.Name == awsPart && external != "":
		err = reachable(ctx, external)
		part.Alive, part.Port, part.Log = err == nil, 0, ""
	case !part.Alive:
		err = errors.New("not running")
	case err == nil:
		err = known.healthy(ctx)
	}
	part.Healthy = err == nil
	if err != nil {
		part.Problem = err.Error()
	}
}

func (s *Sandbox) aws(state *state) AWS {
	switch {
	case state.AWS.Endpoint != "":
		return AWS{Name: "external", Endpoint: state.AWS.Endpoint, Generation: state.AWS.Generation}
	case state.Ports[awsPart] == 0:
		return AWS{Name: "moto"}
	default:
		return AWS{
			Name: "moto", Version: state.AWS.Version, Endpoint: emulator.Endpoint(state.Ports[awsPart]),
			Account: emulator.Account, Generation: state.AWS.Generation,
		}
	}
}

// reachable returns nil when something takes connections at the endpoint. It is
// not asked anything: an unknown emulator may take long over its first answer.
func reachable(ctx context.Context, endpoint string) error {
	parsed, err := url.Parse(endpoint)
	if err != nil {
		return err
	}
	address := parsed.Host
	if parsed.Port() == "" {
		address = net.JoinHostPort(parsed.Hostname(), parsed.Scheme) // a port can be named by its service
	}
	connection, err := (&net.Dialer{Timeout: healthLimit}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return connection.Close()
}
