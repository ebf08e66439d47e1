// Package cluster is what the keeper asks of Kubernetes: the configuration to
// back up, the ConfigMap that tells of the last runs, and the workloads to stop
// for a recovery.
package cluster

import (
	"fmt"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Cluster is a Kubernetes cluster.
type Cluster struct {
	// Host is the API server's URL.
	Host string
	// StatusNamespace is where the ConfigMap backup-status lies.
	StatusNamespace string

	typed   kubernetes.Interface
	dynamic dynamic.Interface
}

// Connect uses a kubeconfig file, or without one the service account of the
// pod that this runs in.
func Connect(kubeconfig string) (*Cluster, error) {
	var config *rest.Config
	var err error
	if kubeconfig == "" {
		config, err = rest.InClusterConfig()
	} else {
		config, err = clientcmd.BuildConfigFromFlags("", kubeconfig)
	}
	if err != nil {
		return nil, fmt.Errorf("find the cluster: %w; run this in a pod with a service account, or give --kubeconfig", err)
	}
	config.UserAgent = "gatehouse-keeper"
	return New(config)
}

// New uses the settings of a connection.
func New(config *rest.Config) (*Cluster, error) {
	typed, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect to the cluster: %w", err)
	}
	untyped, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect to the cluster: %w", err)
	}
	return &Cluster{Host: config.Host, typed: typed, dynamic: untyped}, nil
}
