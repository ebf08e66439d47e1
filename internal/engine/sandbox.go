package engine

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"gatehouse/sandbox/emulator"
	"gatehouse/sandbox/provider"
	awsprovider "gatehouse/sandbox/provider/aws"
	kubernetesprovider "gatehouse/sandbox/provider/kubernetes"
)

// Sandbox is where the sandbox's operations go.
type Sandbox struct {
	// AWSEndpoint and Kubeconfig are the sandbox's own; AccountID is the
	// account that the emulator pretends to be.
	AWSEndpoint, Kubeconfig, AccountID string
	// Generation changes whenever the emulator was started anew and has
	// forgotten everything.
	Generation string
	// Executable is the gatehouse binary, which serves the stand-ins.
	Executable string
}

// path is one of the sandbox's Pulumi side: everything of an environment lies
// in a folder of its own below .gatehouse.
func (*Sandbox) path(o Options, parts ...string) string {
	return filepath.Join(append([]string{o.Root, ".gatehouse", o.Stack, "pulumi"}, parts...)...)
}

// Forget removes the state of an environment in its sandbox. It belongs to the
// end of the sandbox: what the state speaks of is gone with the emulator.
func Forget(root, stack string) error {
	if err := os.RemoveAll((*Sandbox)(nil).path(Options{Root: root, Stack: stack})); err != nil {
		return fmt.Errorf("remove the sandbox's Pulumi state: %w", err)
	}
	return nil
}

// prepare writes the private workspace and tells how to open it.
func (s *Sandbox) prepare(o Options, w *environment) ([]auto.LocalWorkspaceOption, error) {
	for _, dir := range []string{"state", "home", "bin", "work"} {
		if err := os.MkdirAll(s.path(o, dir), 0o700); err != nil {
			return nil, err
		}
	}
	passphrase := s.path(o, "passphrase")
	if err := ensurePassphrase(passphrase); err != nil {
		return nil, err
	}
	standIns, path, err := s.standIns(o)
	if err != nil {
		return nil, err
	}
	w.simulated = standIns.simulated
	work := s.path(o, "work")
	secrets, err := s.copyProject(o, work)
	if err != nil {
		return nil, err
	}
	environ := append(s.environ(o, passphrase, path), o.Policies.environ(path)...)
	if standIns.alone {
		environ = append(environ, lateState)
	}
	cli := newCommand(o.Pulumi, environ)
	w.secrets = secrets
	return []auto.LocalWorkspaceOption{auto.WorkDir(work), auto.Pulumi(cli)}, nil
}

// lateState has Pulumi write the state once, at the end of an operation. It encodes
// the whole of it twice for each resource otherwise, which is four fifths of the
// processor time of an up from nothing. What a killed operation has done is in no
// state then: the stand-ins find what it has made, and take it over; for what it has
// changed or deleted, the next operation refreshes first.
const lateState = "PULUMI_SKIP_CHECKPOINTS=true"

// standIns are the providers whose official plugins are not there.
type standIns struct {
	// simulated tells which types exist only in the state.
	simulated func(token string) bool
	// alone is set when no official plugin is at work.
	alone bool
}

// standIns installs a launcher for each provider whose official plugin is not
// there, and returns the PATH that finds all plugins.
func (s *Sandbox) standIns(o Options) (standIns, string, error) {
	bin := s.path(o, "bin")
	path := []string{bin}
	var names []string
	var simulated []func(string) bool
	for _, p := range []struct {
		name      string
		simulated func(string) bool
	}{
		{"aws", awsprovider.Simulated},
		{"kubernetes", kubernetesprovider.Simulated},
	} {
		version, err := provider.Version(p.name)
		if err != nil {
			return standIns{}, "", err
		}
		if official, at := provider.Official(p.name, version); official {
			path = append(path, filepath.Dir(at))
			continue
		}
		names = append(names, p.name)
		simulated = append(simulated, p.simulated)
	}
	if err := provider.Install(bin, s.Executable, names...); err != nil {
		return standIns{}, "", err
	}
	found := standIns{
		simulated: func(token string) bool {
			return slices.ContainsFunc(simulated, func(is func(string) bool) bool { return is(token) })
		},
		alone: len(path) == 1,
	}
	return found, strings.Join(append(path, "/usr/local/bin", "/usr/bin", "/bin"), string(os.PathListSeparator)), nil
}

// environ is the whole environment of Pulumi in the sandbox. It is built from
// nothing, so that no credential, profile, context, token or backend of the
// user can reach Pulumi or a provider.
func (s *Sandbox) environ(o Options, passphrase, path string) []string {
	return append([]string{
		"PATH=" + path,
		"HOME=" + s.path(o, "home"),
		"TMPDIR=" + os.TempDir(),
		"LANG=C.UTF-8",
		"PULUMI_HOME=" + s.path(o, "home"),
		"PULUMI_BACKEND_URL=file://" + s.path(o, "state"),
		"PULUMI_CONFIG_PASSPHRASE_FILE=" + passphrase,
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS=true",
		"KUBECONFIG=" + s.Kubeconfig,
	}, emulator.Access(s.AWSEndpoint)...)
}

// ensurePassphrase makes the passphrase of this clone's sandbox state once.
func ensurePassphrase(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return renameio.WriteFile(path, []byte(rand.Text()), 0o600)
}

// mend brings a stack whose last operation was cut off, or whose emulator has
// forgotten everything, back to where an operation can begin.
func (s *Sandbox) mend(ctx context.Context, o Options, w *environment) error {
	if err := s.clearLock(ctx, o, w); err != nil {
		return err
	}
	if err := w.setSecrets(ctx); err != nil {
		return err
	}
	state, err := w.stack.Export(ctx)
	if err != nil {
		return fmt.Errorf("read the state of %s: %w", o.Stack, shorten(err))
	}
	deployment := map[string]json.RawMessage{}
	if err := json.Unmarshal(state.Deployment, &deployment); err != nil {
		return fmt.Errorf("read the state of %s: %w", o.Stack, err)
	}
	var pending, resources []json.RawMessage
	for key, list := range map[string]*[]json.RawMessage{"pending_operations": &pending, "resources": &resources} {
		if deployment[key] == nil { // an empty stack has neither
			continue
		}
		if err := json.Unmarshal(deployment[key], list); err != nil {
			return fmt.Errorf("read the %s of %s: %w", key, o.Stack, err)
		}
	}
	if len(pending) > 0 {
		// The stand-ins find again what an interrupted create has made, so a
		// pending operation can simply be done once more.
		delete(deployment, "pending_operations")
		if state.Deployment, err = json.Marshal(deployment); err != nil {
			return fmt.Errorf("mend the state of %s: %w", o.Stack, err)
		}
		if err := w.stack.Import(ctx, state); err != nil {
			return fmt.Errorf("mend the state of %s: %w", o.Stack, shorten(err))
		}
		o.Notice(fmt.Sprintf("the last run was cut off in the middle of %d operations; taking them up again", len(pending)))
	}
	return s.compareGeneration(o, w, len(resources) > 0)
}

// compareGeneration sets refreshFirst when the emulator has been started anew, or a
// run was killed, since the last complete up.
func (s *Sandbox) compareGeneration(o Options, w *environment, deployed bool) error {
	path := s.path(o, "generation")
	last, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("read the sandbox's generation: %w", err)
	}
	if deployed && string(last) != s.Generation {
		w.refreshFirst = true
		o.Notice("since the last complete up the sandbox was started anew, or a run was cut off; looking at what is still there first")
	}
	w.settled = func() error { return renameio.WriteFile(path, []byte(s.Generation), 0o600) }
	return nil
}
