package infrastructure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/aws"
	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/infrastructure"
)

// thresholds are those of the checklist's items that this package serves.
var thresholds = judge.Thresholds{
	"minVersion": "1.28", "supportDays": 60, "zones": 3,
	"controlPlaneLogs": []any{"api", "audit", "authenticator", "controllerManager", "scheduler"},
	"widestIPv4":       16, "widestIPv6": 48, "publicPorts": []any{80, 443},
	"postgresMajor": 15, "databaseCopies": 1, "monitoringSeconds": 60,
	"restorableAge": "15m", "backupDays": 7, "snapshotAge": "26h", "maintenanceWindow": "sun:02:00-sun:04:00",
	"replicasPerShard": 1, "cacheSnapshotDays": 7,
	"backedUp": []any{"RDS", "EFS"}, "recoveryPointAge": "26h",
	"restored": []any{"RDS", "EFS"}, "restoreTestAge": "2160h", "restoreValidation": "required",
	"refusedSeverities": []any{"CRITICAL"}, "scanAge": "720h",
	"auditDays": 90, "logDays": 30, "mostDays": 2557,
}

func stage(w *world) checkstest.Stage {
	return checkstest.Stage{
		Checkers: infrastructure.Checkers(), Thresholds: thresholds, Limit: 4 * time.Second,
		Readers: func(t *testing.T) []evidence.Reader {
			c, err := aws.New(t.Context(), w.target)
			require.NoError(t, err)
			t.Cleanup(c.Close)
			return c.Readers()
		},
	}
}

func (w *world) denied(pattern string) func(*testing.T) {
	return func(t *testing.T) { w.proxy.Set(t, pattern, awstest.Deny()) }
}

func (w *world) hangs(pattern string) func(*testing.T) {
	return func(t *testing.T) { w.proxy.Set(t, pattern, awstest.Hang()) }
}

func (w *world) answer(pattern string, rule awstest.Rule) func(*testing.T) {
	return func(t *testing.T) { w.proxy.Set(t, pattern, rule) }
}

func TestCheckersAgainstAWS(t *testing.T) {
	w := newWorld(t)
	var scenes []checkstest.Scene
	for _, some := range [][]checkstest.Scene{w.clusterScenes(), w.networkScenes(), w.databaseScenes(), w.cacheScenes(), w.keepingScenes()} {
		scenes = append(scenes, some...)
	}
	stage(w).Play(t, scenes...)
}
