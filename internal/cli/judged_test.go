package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/internal/engine"
	"gatehouse/policies/project"
)

// A preview asks the engine's analyzer only where rules may put things right.
func TestWhoJudges(t *testing.T) {
	root := t.TempDir()
	for config, want := range map[string]engine.Judge{
		"default: {}\n": engine.Here,
		"environments:\n  production:\n    aws-ecr-scan-on-push: {level: remediate}\n": engine.Here,
		"environments:\n  staging:\n    aws-ecr-scan-on-push: {level: remediate}\n":    engine.Observe,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(root, "policy-config.yaml"), []byte(config), 0o600))
		p, err := project.Load(root)
		require.NoError(t, err)
		e, err := p.Evaluator("staging")
		require.NoError(t, err)
		j := &judged{project: p, evaluator: e}
		require.Equal(t, want, j.judge(engine.Preview), config)
		require.Equal(t, engine.Enforce, j.judge(engine.Up), config)
	}
}
