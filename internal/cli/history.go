package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"gatehouse/report/history"
	"gatehouse/report/history/s3"
)

// historyVariable names the history when no flag does.
const historyVariable = "GATEHOUSE_HISTORY"

// openHistory opens the history at ref, a folder or s3://BUCKET/PREFIX. Without
// ref it is what GATEHOUSE_HISTORY names, else the project's own, below its root;
// outside of a project, root is "".
func openHistory(ctx context.Context, root, ref string) (history.Store, error) {
	if ref == "" {
		ref = os.Getenv(historyVariable)
	}
	switch {
	case strings.HasPrefix(ref, s3.Scheme):
		cfg, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return nil, fmt.Errorf("open the history %s: %w", ref, err)
		}
		return s3.Open(cfg, ref)
	case ref != "":
		return history.Open(ref)
	case root == "":
		return nil, errors.New("open the history: this is no project; name one with --history or " + historyVariable)
	}
	return history.Open(filepath.Join(root, ".gatehouse", "history"))
}

// openNamedHistory is openHistory for commands that only read: they need no
// project when the history is named.
func openNamedHistory(ctx context.Context, ref string) (history.Store, error) {
	root, err := projectRoot()
	if err != nil {
		root = ""
	}
	return openHistory(ctx, root, ref)
}
