package run

import (
	"fmt"
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Needs is a label of a pod: what it cannot work without. With [NeedsBackstage] it
// pretends where Backstage is not installed.
const (
	Needs          = "gatehouse/needs"
	NeedsBackstage = "backstage"
)

// Images that can be run, by the last part of their repository.
const (
	Installer = "plugin-installer"
	Backend   = "backstage-backend"
	Loader    = "plugin-loader"
)

// Program is what runs for an image.
type Program struct {
	// Argv is the program with its first arguments; the container's follow. A
	// program that is named without a folder is looked for in PATH.
	Argv []string
	// IgnoreCommand has a container's command left out. Otherwise what follows the
	// program in it is kept.
	IgnoreCommand bool
	// Dir is the working directory of a container that names none that is mounted;
	// empty is the pod's own folder.
	Dir string
	// Roots maps folders of the image to folders of this machine.
	Roots map[string]string
	// Variables are those that only a process needs, by name, given the pod's
	// address on this machine. They win over the container's. May be nil.
	Variables func(address string) map[string]string
	// At is the program of an image whose content is another folder ([Images]); nil
	// when it is the same for every image.
	At func(folder string) Program
}

// Programs are what is run, by image: the last part of its repository.
type Programs map[string]Program

// Known says how the project's own programs are run here.
type Known struct {
	// Installer is the command that stands for cmd/plugin-installer, with its first
	// arguments; empty has its pods pretend.
	Installer []string
	// Backstage is the folder of an installed minimal Backstage (index.js); empty
	// has its pods pretend.
	Backstage string
}

// Programs is the table.
func (k Known) Programs() Programs {
	programs := Programs{}
	if len(k.Installer) > 0 {
		programs[Installer] = Program{Argv: k.Installer}
	}
	if k.Backstage != "" {
		programs[Backend] = backstage(k.Backstage, 7007, 7010)
		programs[Loader] = backstage(k.Backstage, 7008, 7011)
	}
	return programs
}

// backstage listens on the pod's address alone: every pod of this machine has the
// same ports.
func backstage(folder string, port, probe int) Program {
	return Program{
		At:   func(other string) Program { return backstage(other, port, probe) },
		Argv: []string{"node", path.Join(folder, "index.js")}, IgnoreCommand: true, Dir: folder, Roots: map[string]string{"/app": folder},
		Variables: func(address string) map[string]string {
			return map[string]string{
				"APP_CONFIG_backend_listen": fmt.Sprintf(`"%s:%d"`, address, port),
				"PLUGIN_PROBE_LISTEN":       fmt.Sprintf("%s:%d", address, probe),
			}
		},
	}
}

// of returns the program of an image.
func (p Programs) of(image string) (Program, bool) {
	program, known := p[repository(image)]
	return program, known
}

// in returns the program of an image, and the image's digest where it is known. What
// the store has not is the program that is installed.
func (p Programs) in(store Images, image string) (program Program, digest string, known bool) {
	program, known = p.of(image)
	if !known || program.At == nil {
		return program, "", known
	}
	folder, digest, found := store.find(image)
	if found {
		program = program.At(folder)
	}
	return program, digest, true
}

// Take says whether a pod is run: one of its containers is known, and what it
// needs is there.
func (p Programs) Take(pod *corev1.Pod) bool {
	if _, there := p[Backend]; !there && pod.Labels[Needs] == NeedsBackstage {
		return false
	}
	for _, containers := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for _, container := range containers {
			if _, known := p.of(container.Image); known {
				return true
			}
		}
	}
	return false
}

// repository is the last part of an image's repository, without tag and digest.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	last := image[strings.LastIndexByte(image, '/')+1:]
	last, _, _ = strings.Cut(last, ":")
	return last
}
