package command_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/backup"
	"gatehouse/keeper/command"
	"gatehouse/keeper/drill"
	"gatehouse/keeper/keepertest"
	"gatehouse/sandbox/sandboxtest"
)

// scene is all that the program meets, real but for the Pushgateway.
type scene struct {
	keepertest.Portal
	archive   *archive.Archive
	s3        *s3.Client
	client    kubernetes.Interface
	namespace string
	env       map[string]string
	gateway   *gateway
}

// gateway remembers what was pushed.
type gateway struct {
	sync.Mutex
	pushed map[string]string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	g.Lock()
	defer g.Unlock()
	g.pushed[r.URL.Path] = string(text)
	w.WriteHeader(http.StatusOK)
}

func newScene(t *testing.T) scene {
	portal, _ := keepertest.NewPortal(t)
	a, client := keepertest.Bucket(t)
	_, kube, namespace := keepertest.Namespace(t)
	keepertest.Status(t, kube, namespace)
	keepertest.Deployment(t, kube, namespace, "portal-frontend", 2)
	g := &gateway{pushed: map[string]string{}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{ // AWS's own library reads the process's
		"AWS_ENDPOINT_URL": sandboxtest.AWS(t), "AWS_REGION": "us-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	s := scene{Portal: portal, archive: a, s3: client, client: kube, namespace: namespace, gateway: g, env: map[string]string{
		"PGHOST": portal.Master.Host, "PGPORT": portal.Master.Port, "PGSSLMODE": "disable",
		"KEEPER_BUCKET": a.Bucket, "KEEPER_KMS_KEY": a.KeyARN, "KEEPER_PROGRAMS": portal.Data.Bin,
		"KEEPER_PUSHGATEWAY": server.URL, "KEEPER_STATUS_NAMESPACE": namespace, "KUBECONFIG": keepertest.Kubeconfig(t),
	}}
	return s
}

// as runs the program with a login of PostgreSQL.
func (s scene) as(t *testing.T, login string, args ...string) (code int, out, problems string) {
	t.Helper()
	env := maps.Clone(s.env)
	env["PGUSER"], env["PGPASSWORD"] = login, s.Passwords[login]
	if login == keepertest.Master {
		env["PGPASSWORD"] = s.Master.Password
	}
	var stdout, stderr bytes.Buffer
	code = command.Main(t.Context(), args, command.World{
		Getenv: func(name string) string { return env[name] }, Now: time.Now, Random: rand.Reader,
		In: strings.NewReader("no\n"), Out: &stdout, Err: &stderr,
	})
	for _, password := range s.Passwords {
		require.NotContains(t, stdout.String()+stderr.String(), password, "no secret is printed")
	}
	return code, stdout.String(), stderr.String()
}

// status is a task's outcome in the ConfigMap.
func (s scene) status(t *testing.T, task string) map[string]any {
	t.Helper()
	got, err := s.client.CoreV1().ConfigMaps(s.namespace).Get(t.Context(), "backup-status", metav1.GetOptions{})
	require.NoError(t, err)
	outcome := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(got.Data[task]), &outcome))
	return outcome
}

// The life of a backup, as the jobs of a cluster run it.
func TestBackUpDrillAndRecover(t *testing.T) {
	s := newScene(t)
	code, out, problems := s.as(t, "backup", "backup", "database", "-o", "json")
	require.Zero(t, code, problems)
	var made struct {
		Manifest string
		Objects  int
	}
	require.NoError(t, json.Unmarshal([]byte(out), &made), "JSON alone is on standard output")
	require.Equal(t, 3, made.Objects)
	require.Contains(t, s.gateway.pushed["/metrics/job/keeper/task/database"], "gatehouse_backup_last_success_timestamp_seconds ")
	require.Equal(t, true, s.status(t, "database")["succeeded"])

	code, out, problems = s.as(t, "backup", "list")
	require.Zero(t, code, problems)
	require.Regexp(t, regexp.QuoteMeta(made.Manifest)+` .* yes\n`, out)

	code, out, problems = s.as(t, "drill", "drill", "-o", "json")
	require.Zero(t, code, problems)
	var result drill.Result
	require.NoError(t, json.Unmarshal([]byte(out), &result))
	require.Equal(t, 5, result.Tables)
	pushed := s.gateway.pushed["/metrics/job/keeper/task/drill"]
	require.Contains(t, pushed, "gatehouse_restore_drill_passed 1\n")
	require.Contains(t, pushed, "gatehouse_backup_last_success_timestamp_seconds ")
	require.Equal(t, made.Manifest, s.status(t, "drill")["result"].(map[string]any)["backup"])

	keepertest.Exec(t, s.As("portal"), "portal", "DROP TABLE installations")
	workload := "--workload=" + s.namespace + "/portal-frontend"
	code, _, problems = s.as(t, keepertest.Master, "recover", workload)
	require.Equal(t, 2, code)
	require.Contains(t, problems, "it was not confirmed; nothing was done")
	code, out, problems = s.as(t, keepertest.Master, "recover", workload, "--yes", "--backup", made.Manifest)
	require.Zero(t, code, problems)
	require.Regexp(t, `portal: the replaced database is portal_before_\d{8}t\d{6}`, out)
	require.Contains(t, out, s.namespace+"/portal-frontend: 2 replicas are available")
	require.Equal(t, []string{"1000"}, keepertest.Query(t, s.Master, "portal", "SELECT count(*)::text FROM installations"))
	code, out, problems = s.as(t, keepertest.Master, "recover", workload, "--resume")
	require.Zero(t, code, problems)
	require.Contains(t, out, "was not stopped by a recovery")
}

func TestFailuresAreTold(t *testing.T) {
	s := newScene(t)
	code, _, problems := s.as(t, "drill", "drill")
	require.Equal(t, 1, code)
	require.Contains(t, problems, "there is no complete backup")
	pushed := s.gateway.pushed["/metrics/job/keeper/task/drill"]
	require.Contains(t, pushed, "gatehouse_restore_drill_passed 0\n")
	require.NotContains(t, pushed, "last_success")
	require.Equal(t, false, s.status(t, "drill")["succeeded"])

	m := s.BackUp(t, s.archive, time.Now())
	keepertest.Overwrite(t, s.s3, s.archive.Bucket, m.Parts[1].Object.Key, func(content []byte) []byte { return content[:9] })
	code, out, problems := s.as(t, "drill", "drill")
	require.Equal(t, 1, code)
	require.Contains(t, out, "restore drill FAILED")
	require.Contains(t, problems, "it is cut off: 9 bytes came")
	code, _, problems = s.as(t, "backup", "list")
	require.Equal(t, 1, code)
	require.Contains(t, problems, "a backup is damaged")

	s.env["KEEPER_BUCKET"] = "there-is-none"
	code, _, problems = s.as(t, "backup", "backup", "database")
	require.Equal(t, 2, code)
	require.Contains(t, problems, "correct the name of the bucket")
	pushed = s.gateway.pushed["/metrics/job/keeper/task/database"]
	require.Contains(t, pushed, "gatehouse_backup_last_failure_timestamp_seconds ")
	require.NotContains(t, pushed, "last_success")
	require.Equal(t, false, s.status(t, "database")["succeeded"])
	code, _, _ = s.as(t, "drill", "drill")
	require.Equal(t, 2, code, "it says nothing about the backup")
}

// What tells of a backup is not worth a backup.
func TestBackupsDoNotDependOnBeingTold(t *testing.T) {
	s := newScene(t)
	s.env["KEEPER_PUSHGATEWAY"], s.env["KEEPER_STATUS_NAMESPACE"] = "http://127.0.0.1:1", "there-is-none"
	code, out, problems := s.as(t, "backup", "backup", "database", "--database", "portal")
	require.Zero(t, code, problems)
	require.Contains(t, out, "backed up 1 objects")
	require.Contains(t, problems, "metrics were not pushed")
	require.Contains(t, problems, "the status was not written")

	delete(s.env, "KEEPER_PUSHGATEWAY")
	s.env["KEEPER_STATUS_NAMESPACE"] = s.namespace
	code, out, problems = s.as(t, "backup", "backup", "configuration", "--namespace", s.namespace, "-o", "json")
	require.Zero(t, code, problems)
	require.Contains(t, out, `"manifest": "configs/`)
	m, err := backup.Latest(t.Context(), s.archive, backup.Configuration)
	require.NoError(t, err)
	require.Equal(t, backup.Configuration, m.Kind)
}

func TestRolesReadMountedSecrets(t *testing.T) {
	s := newScene(t)
	folder := t.TempDir()
	s.env["KEEPER_SECRETS"] = folder
	code, _, problems := s.as(t, keepertest.Master, "roles")
	require.Equal(t, 2, code)
	require.Contains(t, problems, "set PASSWORD_PORTAL, or put a file of that name into KEEPER_SECRETS")
	s.Passwords["monitor"] = "rotated-and-long"
	for login, password := range s.Passwords {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "PASSWORD_"+strings.ToUpper(login)), []byte(password+"\n"), 0o600))
	}
	code, out, problems := s.as(t, keepertest.Master, "roles")
	require.Zero(t, code, problems)
	require.Equal(t, "portal: as it should be\nbackstage: as it should be\nmonitor: new password set\nbackup: as it should be\ndrill: as it should be\n", out)
}

// bare runs the program with nothing around it.
func bare(t *testing.T, args ...string) (code int, out, problems string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = command.Main(t.Context(), args, command.World{
		Getenv: func(string) string { return "" }, Now: time.Now, Random: rand.Reader, In: strings.NewReader(""), Out: &stdout, Err: &stderr,
	})
	return code, stdout.String(), stderr.String()
}

func TestMistakesSayWhatIsExpected(t *testing.T) {
	for line, want := range map[string]string{
		"list":                                 "give --bucket and --kms-key",
		"list -o yaml":                         "--output is text or json",
		"list --bucket b --kms-key k --kind x": "--kind is database, configuration or base",
		"backup database":                      "give --bucket and --kms-key",
		"backup base":                          "--method snapshot needs --instance",
		"backup base --method tar":             "--method is snapshot or pg_basebackup",
		"roles":                                "set PGHOST and PGUSER",
		"drill now":                            `unknown command "now"`,
		"recover --workload x":                 "write NAMESPACE/NAME",
	} {
		code, _, problems := bare(t, strings.Fields(line)...)
		require.Equal(t, 2, code, line)
		require.Contains(t, problems, want, line)
	}
}

// Every command shows an example, and what the runbook tells people to type is
// understood.
func TestExamplesAndTheRunbookAreUnderstood(t *testing.T) {
	runbook, err := os.ReadFile("../../docs/runbooks/recovery.md")
	require.NoError(t, err)
	text := strings.ReplaceAll(string(runbook), "\\\n", " ")
	for _, name := range []string{"backup database", "backup configuration", "backup base", "list", "drill", "recover", "roles"} {
		code, help, _ := bare(t, append(strings.Fields(name), "--help")...)
		require.Zero(t, code, name)
		require.Contains(t, help, "Examples:", name)
		text += "\n" + help
	}
	commands := regexp.MustCompile(`(?m)keeper ((?:backup|list|drill|recover|roles)\b[^\n|`+"`"+`;]*)`).FindAllStringSubmatch(text, -1)
	require.Greater(t, len(commands), 15)
	for _, found := range commands {
		if strings.Contains(found[1], "[flags]") {
			continue
		}
		code, _, problems := bare(t, append(strings.Fields(found[1]), "--help")...)
		require.Zero(t, code, "%s: %s", found[1], problems)
	}
}
