package status_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"gatehouse/plugins"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
	"gatehouse/sandbox/sandboxtest"
)

var start = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

func example() status.Status {
	return status.Status{
		Generation: "12-ab12cd34ef", Phase: status.RolledBack, Since: start,
		Plugins: []status.Plugin{
			{Ref: plugins.Ref{Name: "@backstage-community/plugin-catalog-backend-module-of-a-rather-long-name", Version: "1.15.0"}, Strategy: plugins.Dynamic, State: status.Loaded, Integrity: plugins.IntegrityOf([64]byte{1})},
			{Ref: plugins.Ref{Name: "broken", Version: "2.0.0-rc.1"}, Strategy: plugins.Sidecar, State: status.Failed, Reason: "it throws in init:\nTypeError: Cannot read properties of undefined (reading 'getString')"},
		},
		LastGood:  status.Good{Generation: "11-ab12cd34ef", Request: json.RawMessage(`{"plugins":[{"name":"b","appConfig":"a: 1 < 2\n"}],"keep":3}`)},
		Failure:   status.Failure{Generation: "13-0123456789", Reason: "Deployment backstage, pod backstage-66d9d6d46d-ddtz6, container backstage: CrashLoopBackOff, exit code 1", Time: start.Add(-time.Minute)},
		Check:     status.Check{Time: start.Add(13 * time.Hour), Problem: "generation 12-ab12cd34ef is current, and pod backstage-1 has 9-cd"},
		TrailHead: trail.Head{Sequence: 42, Hash: trail.HashOf([]byte("x"))},
	}
}

func newStore(t *testing.T) (status.Store, *rest.Config) {
	t.Helper()
	config, client, namespace := sandboxtest.Namespace(t)
	return status.Store{Client: client.CoreV1(), Namespace: namespace, Name: "backstage-plugins", FieldManager: "plugin-installer"}, config
}

func set(to status.Status) func(*status.Status) error {
	return func(s *status.Status) error { *s = to; return nil }
}

func live(t *testing.T, s status.Store) *core.ConfigMap {
	t.Helper()
	config, err := s.Client.ConfigMaps(s.Namespace).Get(t.Context(), s.Name, metav1.GetOptions{})
	require.NoError(t, err)
	return config
}

func TestReadWhatWasWritten(t *testing.T) {
	store, _ := newStore(t)
	none, err := store.Read(t.Context())
	require.NoError(t, err)
	require.Empty(t, none.Phase)

	want := example()
	written, err := store.Update(t.Context(), set(want))
	require.NoError(t, err)
	require.Equal(t, want, written)
	read, err := store.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, read)
	data := live(t, store).Data
	require.Equal(t, "12-ab12cd34ef", data["generation"], "people read it by keys")
	require.Equal(t, "rolled-back", data["phase"])
	require.Contains(t, data["plugins.yaml"], "name: broken\n")
	require.Equal(t, string(want.LastGood.Request), data["last-good-request.json"], "to the byte")

	before := live(t, store).ResourceVersion
	_, err = store.Update(t.Context(), func(*status.Status) error { return nil })
	require.NoError(t, err)
	require.Equal(t, before, live(t, store).ResourceVersion, "no change writes nothing")

	// The ConfigMap may be there before the first plugin, by whoever made it.
	empty := store
	empty.Name = "empty"
	_, err = store.Client.ConfigMaps(store.Namespace).Create(t.Context(), &core.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Name: "empty", Labels: map[string]string{"theirs": "stays"},
	}}, metav1.CreateOptions{})
	require.NoError(t, err)
	none, err = empty.Read(t.Context())
	require.NoError(t, err)
	require.Empty(t, none.Phase)
	_, err = empty.Update(t.Context(), set(want))
	require.NoError(t, err)
	require.Equal(t, "stays", live(t, empty).Labels["theirs"])
}

func TestChangesThatAreRefused(t *testing.T) {
	store, _ := newStore(t)
	_, err := store.Update(t.Context(), set(example()))
	require.NoError(t, err)
	for says, change := range map[string]func(*status.Status){
		`unknown phase "good"`:              func(s *status.Status) { s.Phase = "good" },
		`unknown phase ""`:                  func(s *status.Status) { s.Phase = "" },
		`is no exact version`:               func(s *status.Status) { s.Plugins[0].Version = "^1" },
		`plugin broken is there twice`:      func(s *status.Status) { s.Plugins[0].Name = "broken" },
		`unknown strategy "static"`:         func(s *status.Status) { s.Plugins[0].Strategy = "static" },
		`plugin broken: unknown state "up"`: func(s *status.Status) { s.Plugins[1].State = "up" },
		`is no JSON`:                        func(s *status.Status) { s.LastGood.Request = json.RawMessage("{") },
		`there is more behind it`:           func(s *status.Status) { s.LastGood.Request = json.RawMessage("{} {}") },
		`make app-config fragments shorter`: func(s *status.Status) {
			s.LastGood.Request = json.RawMessage(`"` + strings.Repeat("x", status.MaxSize) + `"`)
		},
	} {
		_, err := store.Update(t.Context(), func(s *status.Status) error { change(s); return nil })
		require.ErrorContains(t, err, says)
	}
	why := errors.New("not now")
	_, err = store.Update(t.Context(), func(*status.Status) error { return why })
	require.ErrorIs(t, err, why)
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, err = store.Update(ended, func(*status.Status) error { return nil })
	require.ErrorIs(t, err, why)
	read, err := store.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, example(), read)
}

// Of many at once each change is made.
func TestUpdateAtOnce(t *testing.T) {
	store, _ := newStore(t)
	const writers = 8
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			_, err := store.Update(t.Context(), func(s *status.Status) error {
				s.Phase = status.Staging
				s.Plugins = append(s.Plugins, status.Plugin{
					Ref: plugins.Ref{Name: fmt.Sprintf("plugin-%d", i), Version: "1.0.0"}, Strategy: plugins.Dynamic, State: status.Staged,
				})
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	read, err := store.Read(t.Context())
	require.NoError(t, err)
	require.Len(t, read.Plugins, writers)
	require.Equal(t, "plugin-0", read.Plugins[0].Name, "by name")
}

func TestDamaged(t *testing.T) {
	store, _ := newStore(t)
	for name, c := range map[string]struct {
		damage func(*core.ConfigMap)
		says   string
	}{
		"changed":     {func(m *core.ConfigMap) { m.Data["generation"] = "9-evil" }, "it was changed by hand"},
		"request":     {func(m *core.ConfigMap) { m.Data["last-good-request.json"] = "{}" }, "it was changed by hand"},
		"a key more":  {func(m *core.ConfigMap) { m.Data["note"] = "x" }, "it was changed by hand"},
		"a key less":  {func(m *core.ConfigMap) { delete(m.Data, "phase") }, "its key phase is missing"},
		"binary data": {func(m *core.ConfigMap) { m.BinaryData = map[string][]byte{"x": {0xff}} }, "binary data"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Update(t.Context(), set(example()))
			require.NoError(t, err)
			config := live(t, store)
			c.damage(config)
			_, err = store.Client.ConfigMaps(store.Namespace).Update(t.Context(), config, metav1.UpdateOptions{})
			require.NoError(t, err)

			_, err = store.Read(t.Context())
			var damaged *status.DamagedError
			require.ErrorAs(t, err, &damaged)
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, store.Namespace+"/backstage-plugins is damaged")

			repaired, err := store.Update(t.Context(), func(s *status.Status) error {
				require.Empty(t, s.Phase, "nothing of it is relied on")
				require.Empty(t, s.LastGood.Generation)
				s.Generation, s.Phase, s.Since = "14-aa", status.Proved, start
				return nil
			})
			require.NoError(t, err)
			read, err := store.Read(t.Context())
			require.NoError(t, err)
			require.Equal(t, repaired, read)
		})
	}
	config, yes := live(t, store), true
	config.Immutable = &yes
	_, err := store.Client.ConfigMaps(store.Namespace).Update(t.Context(), config, metav1.UpdateOptions{})
	require.NoError(t, err)
	_, err = store.Update(t.Context(), set(example()))
	require.ErrorContains(t, err, "is immutable: delete it")
}

func TestForbidden(t *testing.T) {
	store, config := newStore(t)
	config.Impersonate = rest.ImpersonationConfig{UserName: "nobody"}
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	store.Client = client.CoreV1()
	_, err = store.Read(t.Context())
	require.True(t, apierrors.IsForbidden(err))
	_, err = store.Update(t.Context(), set(example()))
	require.True(t, apierrors.IsForbidden(err), "what cannot be read is not written anew")
}

func TestNoSecrets(t *testing.T) {
	store, _ := newStore(t)
	s := example()
	s.Plugins[1].Reason = "GET https://me:hunter22222@registry/x failed"
	s.Failure.Reason = "token=hunter22222, while ${TOKEN} is meant"
	request := func(fragment, key, value string) json.RawMessage {
		document, err := json.Marshal(map[string]any{"plugins": []any{map[string]any{"appConfig": fragment}}, "keep": 3, key: value})
		require.NoError(t, err)
		return document
	}
	s.LastGood.Request = request("a:\n  password: hunter22222\n  quoted: \"x\"\n", "authToken", "hunter22222")
	_, err := store.Update(t.Context(), set(s))
	require.NoError(t, err)
	for key, text := range live(t, store).Data {
		require.NotContains(t, text, "hunter22222", key)
	}
	read, err := store.Read(t.Context())
	require.NoError(t, err)
	var kept map[string]any
	require.NoError(t, json.Unmarshal(read.LastGood.Request, &kept), "what is left is JSON")
	require.Equal(t, 3.0, kept["keep"])
	require.Contains(t, read.Failure.Reason, "${TOKEN}")

	// References to variables are what app-config has instead of secrets.
	s.LastGood.Request = request("token: ${GITHUB_TOKEN}\nurl: postgres://${U}:${POSTGRES_PASSWORD}@db\n", "password", "${PASSWORD}")
	_, err = store.Update(t.Context(), set(s))
	require.NoError(t, err)
	read, err = store.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, string(s.LastGood.Request), string(read.LastGood.Request))
}

// 200 plugins, each with a long reason and two kilobytes of app-config, fit.
func TestManyPluginsFit(t *testing.T) {
	store, _ := newStore(t)
	s := example()
	s.Plugins = nil
	var wanted []map[string]string
	for i := range 200 {
		name := fmt.Sprintf("@backstage-community/%s-%d", strings.Repeat("n", 100), i)
		s.Plugins = append(s.Plugins, status.Plugin{
			Ref: plugins.Ref{Name: name, Version: "1.0.0"}, Integrity: plugins.IntegrityOf([64]byte{1}),
			Strategy: plugins.Dynamic, State: status.Failed, Reason: strings.Repeat("word ", 1000),
		})
		wanted = append(wanted, map[string]string{"name": name, "appConfig": strings.Repeat("key: value\n", 200)})
	}
	var err error
	s.LastGood.Request, err = json.Marshal(wanted)
	require.NoError(t, err)
	_, err = store.Update(t.Context(), set(s))
	require.NoError(t, err)
	read, err := store.Read(t.Context())
	require.NoError(t, err)
	require.Len(t, read.Plugins, 200)
	require.LessOrEqual(t, len(read.Plugins[0].Reason), 1010)
}
