package recovery_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"gatehouse/keeper/backup"
	"gatehouse/keeper/cluster"
	"gatehouse/keeper/keepertest"
	"gatehouse/keeper/recovery"
)

var made = time.Date(2026, 11, 22, 1, 30, 5, 0, time.UTC)

type scene struct {
	keepertest.Portal
	recovery.Recovery
	backup    backup.Manifest
	s3        *s3.Client
	client    kubernetes.Interface
	namespace string
}

// newScene is a portal with a backup, that has lost data since.
func newScene(t *testing.T) scene {
	portal, _ := keepertest.NewPortal(t)
	a, client := keepertest.Bucket(t)
	c, kube, namespace := keepertest.Namespace(t)
	keepertest.Status(t, kube, namespace)
	keepertest.Deployment(t, kube, namespace, "portal-frontend", 3)
	keepertest.Deployment(t, kube, namespace, "backstage-backend", 2)
	s := scene{Portal: portal, backup: portal.BackUp(t, a, made), s3: client, client: kube, namespace: namespace}
	s.Recovery = recovery.Recovery{
		Archive: a, Server: portal.Master, Programs: portal.Programs(), Cluster: c, Patience: time.Minute,
		Workloads: []cluster.Workload{{Namespace: namespace, Name: "backstage-backend"}, {Namespace: namespace, Name: "portal-frontend"}},
		Now:       func() time.Time { return made.Add(time.Hour) }, Log: keepertest.Log(t),
	}
	keepertest.Exec(t, portal.As("portal"), "portal", "DELETE FROM installations", "INSERT INTO plugins (name) VALUES ('newer than the backup')")
	return s
}

func (s scene) installations(t *testing.T, database string) string {
	t.Helper()
	return keepertest.Query(t, s.Master, database, "SELECT count(*)::text FROM installations")[0]
}

func (s scene) databases(t *testing.T) []string {
	t.Helper()
	return keepertest.Query(t, s.Master, "postgres", "SELECT datname::text FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1")
}

func (s scene) replicas(t *testing.T) map[string]int32 {
	t.Helper()
	list, err := s.client.AppsV1().Deployments(s.namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	found := map[string]int32{}
	for _, deployment := range list.Items {
		found[deployment.Name] = *deployment.Spec.Replicas
	}
	return found
}

var running = map[string]int32{"backstage-backend": 2, "portal-frontend": 3}

func TestRecoveryBringsTheBackupBack(t *testing.T) {
	s := newScene(t)
	session, err := s.As("portal").Connect(t.Context(), "portal") // the portal's own
	require.NoError(t, err)
	defer func() { _ = session.Close(t.Context()) }()

	r, err := s.Run(t.Context(), s.backup)
	require.NoError(t, err)
	require.Equal(t, map[string]string{
		"portal": "portal_before_20261122t023005", "backstage": "backstage_before_20261122t023005",
		"backstage_plugin_catalog": "backstage_plugin_catalog_before_20261122t023005",
	}, r.Databases)
	require.Equal(t, map[string]int32{s.namespace + "/backstage-backend": 2, s.namespace + "/portal-frontend": 3}, r.Workloads)
	require.Equal(t, running, s.replicas(t))
	require.Equal(t, "1000", s.installations(t, "portal"))
	// Owners are as before: the portal goes on with its own login.
	keepertest.Exec(t, s.As("portal"), "portal", "INSERT INTO plugins (name) VALUES ('after')", "ALTER TABLE plugins ADD COLUMN more int")
	keepertest.Exec(t, s.As("backstage"), "backstage_plugin_catalog", "INSERT INTO entities VALUES (0)")

	// The replaced one is there still, whole.
	keepertest.Exec(t, s.Master, "postgres", "ALTER DATABASE portal_before_20261122t023005 ALLOW_CONNECTIONS true")
	require.Equal(t, "0", s.installations(t, "portal_before_20261122t023005"))

	// And again, from the same backup, later.
	s.Now = func() time.Time { return made.Add(2 * time.Hour) }
	r, err = s.Run(t.Context(), s.backup, "portal")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"portal": "portal_before_20261122t033005"}, r.Databases)
	require.Len(t, s.databases(t), 7)
}

func TestLostDatabaseComesBack(t *testing.T) {
	s := newScene(t)
	keepertest.Exec(t, s.Master, "postgres", "DROP DATABASE portal WITH (FORCE)")
	r, err := s.Run(t.Context(), s.backup, "portal")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"portal": ""}, r.Databases)
	require.Equal(t, "1000", s.installations(t, "portal"))
}

// A restore that fails changes nothing at all.
func TestFailedRestoreChangesNothing(t *testing.T) {
	s := newScene(t)
	before := s.databases(t)
	damaged := s.backup.Parts[2].Object.Key
	keepertest.Overwrite(t, s.s3, s.Archive.Bucket, damaged, func(content []byte) []byte { content[len(content)-1] ^= 1; return content })
	_, err := s.Run(t.Context(), s.backup)
	require.ErrorContains(t, err, "the object is damaged")
	require.ErrorContains(t, err, "nothing has changed")

	differs := s.backup
	differs.Parts = append([]backup.Part(nil), s.backup.Parts[1])
	inventory := *differs.Parts[0].Inventory
	inventory.Tables = append(inventory.Tables[:0:0], inventory.Tables...)
	inventory.Tables[0].Rows++
	differs.Parts[0].Inventory = &inventory
	_, err = s.Run(t.Context(), differs)
	require.ErrorContains(t, err, "compare backstage_plugin_catalog with its backup: table public.entities has 300 rows, the backup 301")

	_, err = s.Run(t.Context(), s.backup, "portall")
	require.ErrorContains(t, err, "does not hold it")
	_, err = s.Run(t.Context(), backup.Manifest{Kind: backup.Configuration})
	require.ErrorContains(t, err, "it is a configuration backup")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Run(ctx, s.backup)
	require.ErrorIs(t, err, context.Canceled)

	release, err := s.Master.LockRecovery(t.Context())
	require.NoError(t, err)
	_, err = s.Run(t.Context(), s.backup)
	require.ErrorContains(t, err, "another recovery")
	release()

	require.Equal(t, before, s.databases(t))
	require.Equal(t, running, s.replicas(t))
	require.Equal(t, "0", s.installations(t, "portal"))
}

// After the portal was stopped, the error says where things stand, and the run
// can be taken up again.
func TestInterruptedRecoveryIsTakenUpAgain(t *testing.T) {
	s := newScene(t)
	before := s.databases(t)
	whole := s.Workloads
	s.Workloads = append(whole[:1:1], cluster.Workload{Namespace: s.namespace, Name: "missing"})
	_, err := s.Run(t.Context(), s.backup)
	require.ErrorContains(t, err, "stop "+s.namespace+"/missing")
	require.ErrorContains(t, err, "the databases are as before and the portal is stopped")
	require.Equal(t, before, s.databases(t))
	require.Equal(t, map[string]int32{"backstage-backend": 0, "portal-frontend": 3}, s.replicas(t))

	s.Workloads = whole
	r, err := s.Run(t.Context(), s.backup)
	require.NoError(t, err)
	require.EqualValues(t, 2, r.Workloads[s.namespace+"/backstage-backend"], "as many as before the first run")
	require.Equal(t, running, s.replicas(t))
	require.Equal(t, "1000", s.installations(t, "portal"))
}

// The portal does not come up again: the databases are recovered all the same,
// and it can be started later.
func TestResume(t *testing.T) {
	s := newScene(t)
	for _, w := range s.Workloads {
		_, err := s.Cluster.Stop(t.Context(), w)
		require.NoError(t, err)
	}
	s.Patience = 0
	result := recovery.Result{Workloads: map[string]int32{}}
	require.ErrorContains(t, s.Resume(t.Context(), &result), "start "+s.namespace+"/backstage-backend")
	s.Patience = time.Minute
	require.NoError(t, s.Resume(t.Context(), &result))
	require.Equal(t, running, s.replicas(t))
}
