package metrics

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// AlertmanagerName is the name of the server and of its port.
const AlertmanagerName = "alertmanager"

// Alertmanager says how an Alertmanager runs: alone, without a cluster.
type Alertmanager struct {
	// Dir holds its files, Log its output; Port is where it listens on loopback.
	Dir, Log string
	Port     int
}

// nobody is the configuration until an environment brings its own.
const nobody = "route:\n  receiver: nobody\nreceivers:\n- name: nobody\n"

// URL of its API, without a path.
func (a Alertmanager) URL() string { return url(a.Port) }

// File is its configuration.
func (a Alertmanager) File() string { return filepath.Join(a.Dir, "alertmanager.yml") }

// Healthy asks whether it is ready to be asked.
func (a Alertmanager) Healthy(ctx context.Context) error {
	return answers(ctx, "Alertmanager", a.URL()+"/-/ready")
}

// Server is it as a part of a sandbox.
func (a Alertmanager) Server() (data.Server, error) {
	path, err := find("prometheus-alertmanager", "Alertmanager", "prometheus-alertmanager")
	if err != nil {
		if path, err = find("alertmanager", "Alertmanager", "prometheus-alertmanager"); err != nil {
			return data.Server{}, err
		}
	}
	return data.Server{
		Name: AlertmanagerName, Port: AlertmanagerName,
		Prepare: func(context.Context) error { return a.Write() },
		Command: process.Command{
			Path: path,
			Args: []string{
				"--config.file=" + a.File(), "--storage.path=" + filepath.Join(a.Dir, "data"), "--cluster.listen-address=",
				"--web.listen-address=" + process.Address(a.Port), "--log.level=warn",
			},
			Dir: a.Dir, Log: a.Log,
		},
		Healthy: a.Healthy,
	}, nil
}

// Write makes its folder, and a configuration unless there is one.
func (a Alertmanager) Write() error {
	if err := folders(filepath.Join(a.Dir, "data")); err != nil {
		return err
	}
	if _, err := os.Stat(a.File()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(a.File(), []byte(nobody), 0o600)
}
