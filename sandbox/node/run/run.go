// Package run is a container runtime without containers: it runs the pods whose
// images it knows as processes of this machine, with their volumes, environment,
// token, probes, restarts and logs. Which programs those are is the table of
// [Programs]; the protocol with the API server is package node's.
//
// What a container would be kept from is not enforced: there is no namespace of
// files, users or networks, no limit of memory or CPU, and a read-only mount can
// be written. Paths are mapped instead where they appear in variables and
// arguments. Exec probes and hooks are not run, and a pod's sleep before its end is
// left out.
package run

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"gatehouse/sandbox/process"
)

// Mark is the variable that every process of a pod has, with the folder of the
// pods as its value: what a killed node leaves is found by it.
const Mark = "GATEHOUSE_SANDBOX_POD"

// closeGrace is how long processes may take to end when the node does.
const closeGrace = time.Second

// Options of a [Host].
type Options struct {
	// Client works as the node. Config is the API server that pods are told of.
	Client kubernetes.Interface
	Config *rest.Config
	// Dir is the folder of the pods. It is made, and what is in it of pods that
	// are no more is removed.
	Dir string
	// Programs says what is run.
	Programs Programs
	// Images are other contents of the same images.
	Images Images
	// Environment is given to every process, as KEY=VALUE: what points AWS's tools
	// at the emulator.
	Environment []string
}

// Host is what the nodes of one process share: the pods that run, their proxy and
// their logs.
type Host struct {
	Options
	// authority is the API server's CA (PEM).
	authority []byte
	// proxy is the address of the proxy of the pods.
	proxy string
	group *errgroup.Group
	stop  context.CancelFunc

	mu     sync.Mutex
	closed bool
	pods   map[types.NamespacedName]*pod
}

// NewHost makes the pods' folder, ends and removes what an earlier host left, and
// starts the proxy. The host ends with ctx; [Host.Close] waits for that.
func NewHost(ctx context.Context, o Options) (*Host, error) {
	h := &Host{Options: o, pods: map[types.NamespacedName]*pod{}}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the pods: %w", err)
	}
	if h.authority = o.Config.CAData; len(h.authority) == 0 && o.Config.CAFile != "" {
		var err error
		if h.authority, err = os.ReadFile(o.Config.CAFile); err != nil {
			return nil, fmt.Errorf("read the API server's authority: %w", err)
		}
	}
	if !x509.NewCertPool().AppendCertsFromPEM(h.authority) {
		return nil, errors.New("run pods: the kubeconfig names no authority of the API server")
	}
	if err := h.tidy(ctx); err != nil {
		return nil, fmt.Errorf("clear what an earlier node left: %w", err)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(process.Loopback, "0"))
	if err != nil {
		return nil, fmt.Errorf("start the proxy of the pods: %w", err)
	}
	h.proxy = "http://" + listener.Addr().String()
	ctx, h.stop = context.WithCancel(ctx)
	h.group, ctx = errgroup.WithContext(ctx)
	h.group.Go(func() error { return serve(ctx, listener, nil, newProxy(o.Client, o.Config.Host)) })
	return h, nil
}

// tidy ends the processes of an earlier host and removes the folders of pods that
// the API server has no more.
func (h *Host) tidy(ctx context.Context) error {
	for _, left := range process.Marked(h.mark()) {
		if err := left.Stop(ctx, closeGrace); err != nil {
			return err
		}
	}
	pods, err := h.Client.CoreV1().Pods("").List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	folders, err := os.ReadDir(h.Dir)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if !slices.ContainsFunc(pods.Items, func(p corev1.Pod) bool { return string(p.UID) == folder.Name() }) {
			if err := os.RemoveAll(filepath.Join(h.Dir, folder.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close ends all processes at once and says nothing of that to the API server: the
// next host starts them again.
func (h *Host) Close() error {
	h.mu.Lock()
	h.closed = true
	all := make([]*pod, 0, len(h.pods))
	for _, p := range h.pods {
		all = append(all, p)
	}
	h.mu.Unlock()
	for _, p := range all {
		p.silence()
		p.end(closeGrace)
	}
	for _, p := range all {
		<-p.done
	}
	h.stop()
	if err := h.group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (h *Host) mark() string { return Mark + "=" + h.Dir }

// folder of a pod.
func (h *Host) folder(uid types.UID) string { return filepath.Join(h.Dir, string(uid)) }

// find returns the pod of that name, nil when none runs here.
func (h *Host) find(name types.NamespacedName) *pod {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pods[name]
}

func nameOf(object *corev1.Pod) types.NamespacedName {
	return types.NamespacedName{Namespace: object.Namespace, Name: object.Name}
}
