package install_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/trail"
)

// deaf is an audit trail that takes nothing.
type deaf struct{ trail.Log }

func (deaf) Create(context.Context, int64, []byte) error {
	return errors.New("the bucket does not answer")
}

// A refusal that is not in the audit trail is none yet: a Job that ends with it would
// never be tried again, and nobody would find it later.
func TestARefusalIsInTheTrailOrTriedAgain(t *testing.T) {
	s := newScene(t)
	kept := s.Trail
	s.Trail = deaf{kept}
	vulnerable := s.publish("vulnerable", "1.0.0")
	err := s.stage(vulnerable, "")
	require.ErrorContains(t, err, "that is not in the audit trail: write the audit trail")
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
	s.Trail = kept
	require.Equal(t, install.ExitRefused, install.ExitCode(s.stage(vulnerable, "")))
	require.Equal(t, []string{"refuse vulnerable@1.0.0 refused"}, s.history())

	good := s.publish("good", "1.0.0")
	require.NoError(t, s.up(set(good)))
	spoil(t, filepath.Join(s.dir, s.portal.loaded.Root(generation.Portal), "good", "package.json"))
	s.Trail = deaf{kept}
	err = s.Maintain(t.Context(), install.MaintainRequest{Set: set(good)})
	require.ErrorContains(t, err, "that is not in the audit trail")
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
}

func spoil(t *testing.T, file string) {
	t.Helper()
	require.NoError(t, os.Chmod(file, 0o600))
	require.NoError(t, os.WriteFile(file, []byte("evil"), 0o600))
}

// Evidence that cannot be had now is no refusal, whichever it is; what another step
// has found is one all the same.
func TestWhatCannotBeSeenNow(t *testing.T) {
	s := newScene(t)
	p := s.publish("one", "1.0.0")
	s.registry.Fault(npmtest.KeysPath, npmtest.Failing(1000, http.StatusBadGateway))
	err := s.stage(p, "")
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err), "the registry's keys: %v", err)

	s = newScene(t)
	p = s.publish("one", "1.0.0")
	s.Sources.Advisories = gate.Missing[advisory.Source](errors.New("the source of advisories does not answer"))
	err = s.stage(p, "")
	require.ErrorContains(t, err, "the source of advisories does not answer")
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
	require.Empty(t, s.history())

	forged := s.publish("forged", "1.0.0", npmtest.WrongSignature(s.key))
	err = s.stage(forged, "")
	require.Equal(t, install.ExitRefused, install.ExitCode(err), "a wrong signature stays wrong: %v", err)
}

// An answer of the registry that was put into the volume for another version counts
// for nothing.
func TestAPoisonedAnswer(t *testing.T) {
	s := newScene(t)
	good, evil := s.publish("good", "1.0.0"), s.publish("evil", "1.0.0")
	require.NoError(t, s.stage(good, ""))
	require.NoError(t, s.stage(evil, ""))
	at := func(name string) string { return filepath.Join(s.dir, "answers", name+"@1.0.0.json") }
	content, err := os.ReadFile(at("evil"))
	require.NoError(t, err)
	var answer map[string]any
	require.NoError(t, json.Unmarshal(content, &answer))
	answer["ref"] = good.Ref
	content, err = json.Marshal(answer)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(at("good"), content, 0o600))
	asked := len(s.registry.Requests())
	require.NoError(t, s.stage(good, ""))
	require.Greater(t, len(s.registry.Requests()), asked, "the registry is asked again")

	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("hunter22"), 0o600))
	require.NoError(t, os.Remove(at("good")))
	require.NoError(t, os.Symlink(secret, at("good")))
	require.NoError(t, s.stage(good, ""))
	content, err = os.ReadFile(secret)
	require.NoError(t, err)
	require.Equal(t, "hunter22", string(content), "nothing is written through a link")
}

// What cannot fit together, and what is damaged, is not tried again.
func TestWhatNoOtherTryMends(t *testing.T) {
	s := newScene(t)
	one, two := s.publish("one", "1.0.0"), s.publish("two", "1.0.0")
	require.NoError(t, s.stage(one, ""))
	require.NoError(t, s.stage(two, ""))
	for fragment, reason := range map[string]string{
		"a: 2\n": "want different values for a of app-config",
		"backend: {auth: {dangerouslyDisableDefaultAuthPolicy: true}}\n": "the app-config of two: backend is the portal's own",
	} {
		one.AppConfig, two.AppConfig = "a: 1\n", fragment
		_, err := s.Assemble(t.Context(), set(one, two))
		require.ErrorContains(t, err, reason)
		require.Equal(t, install.ExitInvalid, install.ExitCode(err))
	}
	require.Empty(t, s.portal.switched)

	entries, err := filepath.Glob(filepath.Join(s.dir, "store", "one*", "package", "package.json"))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	spoil(t, entries[0])
	one.AppConfig, two.AppConfig = "", ""
	_, err = s.Assemble(t.Context(), set(one, two))
	require.ErrorContains(t, err, "delete its Job plugin-stage-* and run up again")
	require.Equal(t, install.ExitInvalid, install.ExitCode(err))
	require.NoError(t, s.stage(one, ""), "as that Job does")
	_, err = s.Assemble(t.Context(), set(one, two))
	require.NoError(t, err)
}

// meanwhile does something once, when the set is read for the first time.
type meanwhile struct {
	*shown
	do func()
}

func (m *meanwhile) Set(ctx context.Context) (*install.SetRequest, error) {
	set, err := m.shown.Set(ctx)
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	return set, err
}

// Of two that are installed by hand at once, none takes the other out.
func TestTwoByHandAtOnce(t *testing.T) {
	s := newScene(t)
	first, a, b := s.publish("first", "1.0.0"), s.publish("a", "1.0.0"), s.publish("b", "1.0.0")
	require.NoError(t, s.up(set(first)))
	r := install.MaintainRequest{Set: set(first), Host: s.host}
	s.Status = &meanwhile{s.shown, func() { require.NoError(t, s.InstallOne(t.Context(), r, b.Ref)) }}
	require.NoError(t, s.InstallOne(t.Context(), r, a.Ref))
	require.Equal(t, []install.Plugin{a, b, first}, s.shown.set.Plugins)
}

// What is built into the image cannot change by hand, and nobody says that it did.
func TestByHandIntoTheImage(t *testing.T) {
	s := newScene(t)
	inside := s.publish("inside", "1.0.0")
	inside.Strategy = plugins.Rebuild
	newer := s.publish("inside", "1.1.0")
	err := s.InstallOne(t.Context(), install.MaintainRequest{Set: set(inside), Host: s.host}, newer.Ref)
	require.ErrorContains(t, err, "give its version in the configuration")
	require.Equal(t, install.ExitInvalid, install.ExitCode(err))
	require.Empty(t, s.history())
}

// A lease that is lost in the middle ends the work: nothing more is switched, and the
// outcome is not known.
func TestALeaseThatIsLost(t *testing.T) {
	s := newScene(t)
	good, bad := s.publish("good", "1.0.0"), s.publish("bad", "1.0.0")
	require.NoError(t, s.up(set(good)))
	require.NoError(t, s.stage(bad, ""))
	ctx, lose := context.WithCancel(t.Context())
	s.portal.broken = []string{"bad"}
	s.Portal = losing{s.portal, lose}
	err := s.Activate(ctx, set(good, bad))
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err), "%v", err)
	require.Len(t, s.portal.switched, 2, "it does not go back: whoever has the lease now decides")
	require.NotContains(t, s.history(), "prove 2 failed")
}

// losing loses the lease while the portal is asked.
type losing struct {
	*portal
	lose func()
}

func (l losing) Prove(ctx context.Context, want install.Want) error {
	l.lose()
	return l.portal.Prove(ctx, want)
}

func TestExitCode(t *testing.T) {
	refused := &install.RefusedError{Reason: "no"}
	for err, want := range map[error]int{
		nil:                                        install.ExitDone,
		refused:                                    install.ExitRefused,
		fmt.Errorf("a: %w", refused):               install.ExitRefused,
		errors.Join(refused, fs.ErrClosed):         install.ExitRefused,
		fmt.Errorf("a: %w", install.ErrInvalid):    install.ExitInvalid,
		install.ErrNotProved:                       install.ExitUnavailable,
		context.Canceled:                           install.ExitUnavailable,
		&generation.DamagedError{}:                 install.ExitUnavailable,
		fmt.Errorf("volume: %w", fs.ErrPermission): install.ExitUnavailable,
	} {
		require.Equal(t, want, install.ExitCode(err), "%v", err)
	}
}

// What a pod says when it fails may have a secret in it. It is written nowhere, though
// the text is cut.
func TestAFailureWithASecret(t *testing.T) {
	for name, text := range map[string]string{
		"plain": "cannot connect: password=hunter22hunter22",
		"cut":   strings.Repeat("x", 3990) + " npm_hunter22abcdefghijklmnopqrstuvwxyz0123",
	} {
		s := newScene(t)
		one := s.publish("one", "1.0.0")
		s.portal.err = fmt.Errorf("%w: %s", install.ErrNotProved, text)
		err := s.up(set(one))
		require.Equal(t, install.ExitRefused, install.ExitCode(err), name)
		state, stateErr := generation.Open(s.Store).State()
		require.NoError(t, stateErr)
		records, _, trailErr := trail.Load(t.Context(), s.Trail)
		require.NoError(t, trailErr)
		written, jsonErr := json.Marshal([]any{state, records, s.shown.reports, err.Error()})
		require.NoError(t, jsonErr)
		require.NotContains(t, string(written), "hunter", name)
		require.Contains(t, string(written), "it is not proved", name)
	}
}
