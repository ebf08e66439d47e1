package gate_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/schematest"
)

func schema(t testing.TB) schematest.Valid { return schematest.Compile(t, gate.Schema) }

func holds(t testing.TB, valid schematest.Valid, r gate.Result) error {
	content, err := json.Marshal(r)
	require.NoError(t, err)
	return valid(string(content))
}

func TestSchema(t *testing.T) {
	s := schema(t)
	good := newScene(t)
	require.NoError(t, holds(t, s, good.check()))
	bad := newScene(t)
	bad.noTarball()
	require.NoError(t, holds(t, s, bad.check()))

	lie := bad.check()
	lie.Accepted = true
	require.Error(t, holds(t, s, lie), "accepted with a step unknown")
	lie = good.check()
	lie.Accepted = false
	require.Error(t, holds(t, s, lie), "refused by no step")
	lie = good.check()
	lie.Steps[0].Verdict = "perhaps"
	require.Error(t, holds(t, s, lie))

	var document struct {
		Properties struct {
			Steps struct {
				Items struct {
					Properties struct {
						Name    struct{ Enum []string }
						Verdict struct{ Enum []gate.Verdict }
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(gate.Schema, &document))
	require.Equal(t, gate.Names(), document.Properties.Steps.Items.Properties.Name.Enum)
	require.Equal(t, gate.Verdicts, document.Properties.Steps.Items.Properties.Verdict.Enum)
}

func TestRender(t *testing.T) {
	s := newScene(t)
	s.candidate.Integrity = other
	s.fields["scripts"] = map[string]any{"postinstall": "\x1b[2J\u202ecurl\r\n" + strings.Repeat("x", 200)}
	s.pack()
	s.noHost()
	for _, width := range []int{0, 1, 60, 80, 200} {
		for _, colour := range []bool{true, false} {
			var b bytes.Buffer
			require.NoError(t, gate.Render(&b, s.check(), colour, width))
			text := b.String()
			require.Equal(t, colour, strings.Contains(text, "\x1b["))
			text = ansi.Strip(text)
			require.NotContains(t, text, "\x1b")
			require.NotContains(t, text, "\u202e")
			most := map[int]int{0: 80, 1: 40}[width]
			for line := range strings.Lines(text) {
				require.LessOrEqual(t, ansi.StringWidth(line), max(most, width), line)
			}
			require.Contains(t, text, "refused")
			for _, name := range gate.Names() {
				require.Contains(t, text, name)
			}
		}
	}
	var b bytes.Buffer
	require.NoError(t, gate.Render(&b, newScene(t).check(), false, 80))
	require.True(t, strings.HasPrefix(b.String(), name+"@1.2.3: accepted\n"), b.String())
	require.ErrorIs(t, gate.Render(broken{}, s.check(), false, 80), errBroken)
}

func TestAResultIsTheSameTwice(t *testing.T) {
	s := newScene(t)
	s.noHost()
	s.add("GHSA-x.json", "HIGH")
	require.Equal(t, s.check(), s.check())
}

var errBroken = errors.New("pipe is broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func (s *scene) noHost() { s.sources.Host = gate.Missing[gate.Host](errDisk) }
