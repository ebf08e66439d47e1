// Package controlplane says how the parts of the sandbox's Kubernetes control
// plane are run: etcd, kube-apiserver, kube-controller-manager and
// kube-scheduler, with which flags, certificates and users, and how to tell
// that each is healthy. Starting and mending them is the business of package
// sandbox; the binary itself is built elsewhere.
//
// Everything listens on the loopback address, and etcd and the API server take
// clients by certificate only: another user of the machine gets nowhere.
package controlplane

import (
	"path/filepath"
	"strconv"

	"gatehouse/sandbox/process"
)

// Names of the parts, which are also the first argument of the binary.
const (
	Etcd              = "etcd"
	APIServer         = "kube-apiserver"
	ControllerManager = "kube-controller-manager"
	Scheduler         = "kube-scheduler"
)

// EtcdPeer is the second port that etcd wants, for members that it never has.
const EtcdPeer = "etcd-peer"

// Layout says where the control plane of one sandbox lives.
type Layout struct {
	// Binary is the multi-call binary of all four parts.
	Binary string
	// Dir is the folder of the sandbox, absolute. Certificates, data, logs and
	// kubeconfigs are below it.
	Dir string
}

// PKI is the folder of the certificates, for [EnsurePKI].
func (l Layout) PKI() string { return filepath.Join(l.Dir, "pki") }

// Log is the log of a part.
func (l Layout) Log(part string) string { return filepath.Join(l.Dir, "logs", part+".log") }

func (l Layout) crt(name string) string { return filepath.Join(l.PKI(), crt(name)) }
func (l Layout) key(name string) string { return filepath.Join(l.PKI(), key(name)) }

// Server is the URL of the API server on port.
func Server(port int) string { return "https://" + process.Address(port) }

// Etcd listens on port and peerPort. Writes are not flushed to the disk: the
// data of a sandbox outlives a kill of the process, not a crash of the machine.
func (l Layout) Etcd(port, peerPort int) process.Command {
	client, peer := "https://"+process.Address(port), "https://"+process.Address(peerPort)
	return l.command(Etcd,
		"--name=sandbox",
		"--data-dir="+filepath.Join(l.Dir, "etcd"),
		"--listen-client-urls="+client,
		"--advertise-client-urls="+client,
		"--listen-peer-urls="+peer,
		"--initial-advertise-peer-urls="+peer,
		"--initial-cluster=sandbox="+peer,
		"--cert-file="+l.crt(servingName), "--key-file="+l.key(servingName),
		"--client-cert-auth", "--trusted-ca-file="+l.crt(caName),
		"--peer-cert-file="+l.crt(servingName), "--peer-key-file="+l.key(servingName),
		"--peer-client-cert-auth", "--peer-trusted-ca-file="+l.crt(caName),
		"--unsafe-no-fsync",
		// Milliseconds: the only member need not wait long for the others' votes.
		"--heartbeat-interval=50", "--election-timeout=250",
		"--log-level=warn",
	)
}

// APIServer listens on port and keeps its objects in the etcd on etcdPort.
// Admission is what Kubernetes has by default, Pod Security included.
func (l Layout) APIServer(port, etcdPort int) process.Command {
	const issuer = "https://kubernetes.default.svc.cluster.local"
	return l.command(APIServer,
		"--bind-address="+process.Loopback,
		"--secure-port="+strconv.Itoa(port),
		// Endpoints may not name a loopback address, so nobody maintains those
		// of the service "kubernetes".
		"--advertise-address="+process.Loopback,
		"--endpoint-reconciler-type=none",
		"--etcd-servers=https://"+process.Address(etcdPort),
		"--etcd-cafile="+l.crt(caName), "--etcd-certfile="+l.crt(Admin), "--etcd-keyfile="+l.key(Admin),
		"--tls-cert-file="+l.crt(servingName), "--tls-private-key-file="+l.key(servingName),
		"--client-ca-file="+l.crt(caName),
		// Nodes are asked for logs on the loopback address, which they give as their
		// internal name: their own addresses lead nowhere.
		"--kubelet-preferred-address-types=InternalDNS",
		"--kubelet-certificate-authority="+l.crt(caName),
		"--kubelet-client-certificate="+l.crt(kubeletClientName), "--kubelet-client-key="+l.key(kubeletClientName),
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged",
		"--service-cluster-ip-range=10.96.0.0/16",
		"--service-account-issuer="+issuer,
		"--service-account-key-file="+l.key(serviceAccountName),
		"--service-account-signing-key-file="+l.key(serviceAccountName),
	)
}

// kubeletClient is the common name of the API server where it asks nodes for logs.
const kubeletClient = "kube-apiserver-kubelet-client"

// Serving is what a server shows and whom it answers.
type Serving struct {
	// CA is the file of who signs clients' certificates.
	CA string
	// Certificate and Key are the server's own files.
	Certificate, Key string
	// Client is the common name of the only client.
	Client string
}

// Kubelet is how the nodes answer the API server.
func (l Layout) Kubelet() Serving {
	return Serving{CA: l.crt(caName), Certificate: l.crt(servingName), Key: l.key(servingName), Client: kubeletClient}
}

// ControllerManager runs the default controllers, each as its own user.
func (l Layout) ControllerManager(port int) process.Command {
	return l.client(ControllerManager, controllerManager, port,
		"--use-service-account-credentials",
		"--horizontal-pod-autoscaler-sync-period=5s", // nobody waits long for their first word
		"--service-account-private-key-file="+l.key(serviceAccountName),
		"--root-ca-file="+l.crt(caName),
		"--cluster-signing-cert-file="+l.crt(caName), "--cluster-signing-key-file="+l.key(caName),
	)
}

// Scheduler places pods on the sandbox's nodes.
func (l Layout) Scheduler(port int) process.Command {
	return l.client(Scheduler, scheduler, port)
}

// client is a part that works through the API server as user, alone of its
// kind.
func (l Layout) client(part, user string, port int, args ...string) process.Command {
	kubeconfig := l.Kubeconfig(user)
	return l.command(part, append([]string{
		"--bind-address=" + process.Loopback,
		"--secure-port=" + strconv.Itoa(port),
		"--tls-cert-file=" + l.crt(servingName), "--tls-private-key-file=" + l.key(servingName),
		"--kubeconfig=" + kubeconfig, "--authentication-kubeconfig=" + kubeconfig, "--authorization-kubeconfig=" + kubeconfig,
		"--leader-elect=false",
		// By default 20 to 50 requests a second, which paces a platform of a
		// hundred pods for seconds. The server is ours alone.
		"--kube-api-qps=1000", "--kube-api-burst=2000",
	}, args...)...)
}

func (l Layout) command(part string, args ...string) process.Command {
	return process.Command{
		Path: l.Binary,
		Args: append([]string{part}, args...),
		// A proxy of the environment must not be asked for a loopback address.
		Env: []string{"NO_PROXY=*", "no_proxy=*"},
		Log: l.Log(part),
	}
}
