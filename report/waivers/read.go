package waivers

import (
	"fmt"
	"io"
	"os"

	"gatehouse/report"
)

// maxBytes is far above any real file (30,000 waivers) and far below what hurts.
const maxBytes = 8 << 20

// Read reads a file of waivers. A file that is not there is fs.ErrNotExist.
func Read(path string) ([]report.Waiver, error) {
	content, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("read waivers: %w", err)
	}
	return Parse(path, content)
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err == nil && len(content) > maxBytes {
		err = fmt.Errorf("%s is larger than %d MiB: is it a file of waivers?", path, maxBytes>>20)
	}
	return content, err
}
