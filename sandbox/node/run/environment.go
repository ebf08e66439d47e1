package run

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// terminationLog is where a container leaves its last word when it names no other
// file.
const terminationLog = "/dev/termination-log"

// invocation makes what is started for a container: its own settings, mapped to
// this machine, and what the sandbox adds. Variables of the pod have their values
// already (package node).
func (p *pod) invocation(object *corev1.Pod, c *container) (spawn, error) {
	variables := map[string]string{}
	for _, variable := range c.spec.Env {
		variables[variable.Name] = variable.Value
	}
	mapped, err := p.mounts(c, variables)
	if err != nil {
		return spawn{}, err
	}
	own := c.spec.Args
	if !c.program.IgnoreCommand && len(c.spec.Command) > 0 {
		own = slices.Concat(c.spec.Command[1:], own)
	}
	args := make([]string, len(own))
	for i, arg := range own {
		arg, _ = expand(arg, variables)
		args[i] = mapped.argument(arg)
	}
	for name, value := range variables {
		variables[name] = mapped.value(value)
	}
	if err := p.add(variables, object, c, mapped); err != nil {
		return spawn{}, err
	}
	s := spawn{argv: slices.Concat(c.program.Argv, args), dir: p.folder}
	if c.program.Dir != "" {
		s.dir = c.program.Dir
	}
	if folder, ok := mapped.path(c.spec.WorkingDir); ok {
		s.dir = folder
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		s.env = append(s.env, name+"="+variables[name])
	}
	return s, nil
}

// mounts maps the container's folders. A subPath that is not there is made, as a
// kubelet does.
func (p *pod) mounts(c *container, variables map[string]string) (paths, error) {
	folders := maps.Clone(c.program.Roots)
	if folders == nil {
		folders = map[string]string{}
	}
	folders[c.messagePath()] = c.messageFile()
	for _, mount := range c.spec.VolumeMounts {
		folder, there := p.mounted[mount.Name]
		if !there {
			return nil, fmt.Errorf("mount %s: the pod has no volume %s", mount.MountPath, mount.Name)
		}
		sub := mount.SubPath
		if mount.SubPathExpr != "" {
			var missing []string
			if sub, missing = expand(mount.SubPathExpr, variables); len(missing) > 0 {
				return nil, fmt.Errorf("mount %s: subPathExpr names %s, which is not set", mount.MountPath, strings.Join(missing, ", "))
			}
		}
		if sub != "" {
			if !filepath.IsLocal(sub) {
				return nil, fmt.Errorf("mount %s: subPath %q leaves the volume", mount.MountPath, sub)
			}
			folder = filepath.Join(folder, sub)
			if _, err := os.Stat(folder); err != nil {
				if err := os.MkdirAll(folder, 0o700); err != nil {
					return nil, fmt.Errorf("mount %s: %w", mount.MountPath, err)
				}
			}
		}
		folders[mount.MountPath] = folder
	}
	return newPaths(folders), nil
}

// trusted are the variables of this machine that say whose certificates programs
// trust: behind a proxy that reads along, or with a service of one's own, nothing
// outside answers without them.
var trusted = []string{"SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"}

// add sets what the sandbox gives a process: nothing of this machine but PATH and
// whom it trusts, and nothing that leads to a real account or cluster.
func (p *pod) add(variables map[string]string, object *corev1.Pod, c *container, mapped paths) error {
	maps.DeleteFunc(variables, func(name, _ string) bool {
		return strings.HasPrefix(name, "AWS_") && name != "AWS_REGION" && name != "AWS_DEFAULT_REGION" ||
			slices.Contains([]string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "KUBECONFIG"}, strings.ToUpper(name))
	})
	for _, entry := range p.host.Environment {
		name, value, _ := strings.Cut(entry, "=")
		if _, set := variables[name]; !set {
			variables[name] = value
		}
	}
	if _, set := variables["HOSTNAME"]; !set {
		variables["HOSTNAME"] = object.Name
	}
	for name, folder := range map[string]string{"HOME": "home", "TMPDIR": "tmp"} {
		path := filepath.Join(p.folder, folder)
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
		variables[name] = path
	}
	if folder, ok := mapped.path("/tmp"); ok {
		variables["TMPDIR"] = folder
	}
	variables["PATH"] = os.Getenv("PATH")
	for _, name := range trusted {
		if value, set := os.LookupEnv(name); set {
			variables[name] = value
		}
	}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		variables[name] = p.host.proxy
	}
	variables["NO_PROXY"] = "127.0.0.1,::1,localhost"
	variables["no_proxy"] = variables["NO_PROXY"]
	// The service's own address leads nowhere without a network of the cluster; its
	// name does, through the proxy.
	variables["KUBERNETES_SERVICE_HOST"], variables["KUBERNETES_SERVICE_PORT"] = apiService, "443"
	variables[Mark] = p.host.Dir
	if c.program.Variables != nil {
		maps.Copy(variables, c.program.Variables(p.local.String()))
	}
	account, ok := mapped.path(accountFolder)
	if !ok {
		return nil
	}
	config, err := p.kubeconfig(object.Namespace, filepath.Join(account, "token"))
	if err != nil {
		return fmt.Errorf("write the kubeconfig: %w", err)
	}
	variables["KUBECONFIG"] = filepath.Join(c.folder, "kubeconfig")
	return place(c.folder, "kubeconfig", config)
}
