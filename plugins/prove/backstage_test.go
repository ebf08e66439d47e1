package prove_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha512"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/internal/toolbox/backstage"
	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/prove"
	"gatehouse/plugins/prove/provetest"
	"gatehouse/plugins/store"
	"gatehouse/plugins/store/volume"
	"gatehouse/plugins/tarball"
)

// folder is the minimal Backstage's; without one, the test is left out.
func folder(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("long: starts Backstage; run make test")
	}
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	folder, err := backstage.Find("../..", filepath.Join(cache, "gatehouse"))
	if err != nil {
		t.Skip(err)
	}
	return folder
}

// set is a generation on a volume of its own.
type set struct {
	root, config string
	generation   generation.ID
	want         []plugins.Ref
}

// member is a plugin of a set with its fragment of app-config.
type member struct {
	npmtest.Package
	config string
}

// assemble stages plugins, and makes a generation of them and the probe.
func assemble(t testing.TB, members ...member) set {
	t.Helper()
	volumeFolder := t.TempDir()
	opened, err := store.Open(volumeFolder, volume.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, opened.Close()) }()
	var s set
	var list []generation.Plugin
	for _, m := range members {
		content := provetest.Tarball(t, m.Package)
		ref := plugins.Ref{Name: m.Name, Version: m.Version}
		spec := store.Spec{Ref: ref, Integrity: plugins.IntegrityOf(sha512.Sum512(content))}
		entry, err := opened.Stage(t.Context(), spec, bytes.NewReader(content), tarball.DefaultLimits())
		require.NoError(t, err)
		plugin := generation.Plugin{Entry: entry}
		if m.config != "" {
			plugin.Config = []byte(m.config)
		}
		list, s.want = append(list, plugin), append(s.want, ref)
	}
	made, err := generation.Open(opened).Assemble(t.Context(), list, []generation.Extra{prove.Probe()})
	require.NoError(t, err)
	s.generation = made.ID
	s.root = filepath.Join(volumeFolder, filepath.FromSlash(made.ID.Root(generation.Portal)))
	s.config = filepath.Join(volumeFolder, filepath.FromSlash(made.ID.AppConfig(generation.Portal)))
	return s
}

// running is a Backstage as a process.
type running struct {
	t     testing.TB
	probe string // the probe's address
	http  string // Backstage's address
	ended chan struct{}

	cmd *exec.Cmd
	mu  sync.Mutex
	log bytes.Buffer
}

func (r *running) Write(text []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(text)
}

func (r *running) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

// start runs the minimal Backstage with a set, and more variables.
func start(t testing.TB, s set, variables ...string) *running {
	t.Helper()
	at := folder(t)
	return run(t, at, filepath.Join(at, "index.js"), s, variables...)
}

func run(t testing.TB, at, program string, s set, variables ...string) *running {
	t.Helper()
	r := &running{t: t, probe: free(t), http: free(t), ended: make(chan struct{})}
	args := []string{program, "--config", "app-config.yaml"}
	if s.config != "" {
		args = append(args, "--config", s.config)
	}
	r.cmd = exec.Command("node", args...)
	r.cmd.Dir, r.cmd.Stdout, r.cmd.Stderr = at, r, r
	r.cmd.Env = append(os.Environ(),
		"NODE_ENV=production", "NODE_PATH="+filepath.Join(at, "node_modules"),
		"APP_CONFIG_backend_listen="+quoted(t, r.http), "APP_CONFIG_dynamicPlugins_rootDirectory="+s.root,
		"PLUGIN_GENERATION="+string(s.generation), "PLUGIN_PROBE_LISTEN="+r.probe,
		"TMPDIR="+t.TempDir(), // killed, it leaves its keys there
	)
	r.cmd.Env = append(r.cmd.Env, variables...)
	require.NoError(t, r.cmd.Start())
	go func() {
		_ = r.cmd.Wait()
		close(r.ended)
	}()
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		<-r.ended
		if t.Failed() {
			t.Log(r.said())
		}
	})
	return r
}

// until asks again and again until what it asks holds. A process that ends, or a
// minute, ends the test.
func (r *running) until(holds func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-r.ended:
			require.FailNow(r.t, "Backstage has ended")
		case <-ctx.Done():
			require.FailNow(r.t, "Backstage does not come so far within a minute")
		case <-again.C:
		}
	}
}

// loaded is what the probe says once it is asked with success and this holds.
func (r *running) loaded(holds func(prove.Loaded) bool) (l prove.Loaded) {
	r.t.Helper()
	r.until(func() bool {
		var err error
		l, err = prove.Ask(r.t.Context(), nil, r.probe)
		return err == nil && holds(l)
	})
	return l
}

func started(l prove.Loaded) bool { return l.Started }

func (r *running) healthy() error { return prove.Healthy(r.t.Context(), nil, r.http) }

// exit waits for the process's end and returns its code.
func (r *running) exit() int {
	r.t.Helper()
	select {
	case <-r.ended:
	case <-time.After(time.Minute):
		require.FailNow(r.t, "Backstage does not end within a minute")
	}
	return r.cmd.ProcessState.ExitCode()
}

func (r *running) terminate() int {
	r.t.Helper()
	require.NoError(r.t, r.cmd.Process.Signal(syscall.SIGTERM))
	return r.exit()
}

// free is an address that nobody has.
func free(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

func quoted(t testing.TB, text string) string {
	t.Helper()
	out, err := json.Marshal(text)
	require.NoError(t, err)
	return string(out)
}

// keyStore is the variable that lets a Backstage do without a database.
func keyStore(t testing.TB) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	require.NoError(t, err)
	dir := t.TempDir()
	own := map[string]string{"keyId": "test"}
	for field, block := range map[string]*pem.Block{
		"privateKeyFile": {Type: "PRIVATE KEY", Bytes: private}, "publicKeyFile": {Type: "PUBLIC KEY", Bytes: public},
	} {
		own[field] = filepath.Join(dir, field)
		require.NoError(t, os.WriteFile(own[field], pem.EncodeToMemory(block), 0o600))
	}
	text, err := json.Marshal(map[string]any{"type": "static", "static": map[string]any{"keys": []any{own}}})
	require.NoError(t, err)
	return "APP_CONFIG_backend_auth_pluginKeyStore=" + string(text)
}
