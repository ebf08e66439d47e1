package html

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pdfText is what a PDF says, without spaces: a line may break anywhere.
func pdfText(t *testing.T, pdf []byte) string {
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.CommandContext(t.Context(), program, file, "-").Output()
	require.NoError(t, err)
	return unspaced(string(out))
}

func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }
