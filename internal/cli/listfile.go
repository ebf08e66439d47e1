package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"
)

// extend adds something to a file of statements beside Pulumi.yaml, which need
// not be there yet, and keeps what is in it. The file is replaced as a whole;
// what is "waivers" or "attestations", for messages.
func extend(root, file, what string, add func(content []byte) ([]byte, error)) error {
	if root == "" {
		return fmt.Errorf("add %s: there is no Pulumi.yaml here or above, beside which %s would be", what, file)
	}
	return amend(filepath.Join(root, file), what, add)
}

// amend is extend for a file anywhere.
func amend(path, what string, add func(content []byte) ([]byte, error)) error {
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("add %s: %w", what, err)
	}
	if content, err = add(content); err != nil {
		return err
	}
	if err := renameio.WriteFile(path, content, 0o644); err != nil {
		return fmt.Errorf("add %s: %w", what, err)
	}
	return nil
}

// lastDay refuses an --expires that is no day, or one that has gone by: such a
// statement would never hold.
func lastDay(expires string, now time.Time) error {
	if _, err := time.Parse(time.DateOnly, expires); err != nil {
		return fmt.Errorf("--expires %s: expected a day like 2027-06-30", expires)
	}
	if today := now.UTC().Format(time.DateOnly); expires < today {
		return fmt.Errorf("--expires %s: that day has gone by; today is %s", expires, today)
	}
	return nil
}
