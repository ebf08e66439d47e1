// Package emulator runs the sandbox's AWS API: moto's server, found on PATH or
// installed in a virtual environment. What the emulator is asked for is not
// known here: that is the business of whoever speaks to its endpoint.
//
// Moto keeps everything in memory: when the process ends, so does all that was
// created in it.
package emulator

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"gatehouse/sandbox/process"
)

// Account is the ID of the account that moto pretends to be.
const Account = "123456789012"

// settings make moto answer Lambda and Batch calls without Docker.
const settings = `{"lambda":{"use_docker":false},"batch":{"use_docker":false}}`

// Endpoint is the URL of an emulator that listens on port.
func Endpoint(port int) string { return "http://" + process.Address(port) }

// mended is what moto gets wrong, and the sandbox needs right.
//
//go:embed sitecustomize.py
var mended []byte

func mendedFolder(log string) string { return filepath.Join(filepath.Dir(log), "emulator") }

// Prepare writes what the server that [Command] starts is mended by, beside its log.
func Prepare(log string) error {
	folder := mendedFolder(log)
	err := os.MkdirAll(folder, 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "sitecustomize.py"), mended, 0o600)
	}
	if err != nil {
		return fmt.Errorf("prepare the AWS emulator: %w", err)
	}
	return nil
}

// Command starts the moto server at path on port, once it is prepared. Its credentials are fakes,
// and no profile or instance metadata is read: nothing of the user's reaches it.
func Command(path string, port int, log string) process.Command {
	return process.Command{
		Path: path,
		Args: []string{"-H", process.Loopback, "-p", strconv.Itoa(port)},
		Env: []string{
			"AWS_ACCESS_KEY_ID=sandbox", "AWS_SECRET_ACCESS_KEY=sandbox",
			// Without them no role can have one of AWS's own policies.
			"MOTO_IAM_LOAD_MANAGED_POLICIES=true",
			"PYTHONPATH=" + mendedFolder(log),
			"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_EC2_METADATA_DISABLED=true",
		},
		Log: log,
	}
}

// Healthy asks the emulator at endpoint for its own page. Moto answers it
// without touching any service.
func Healthy(ctx context.Context, endpoint string) error {
	return call(ctx, http.MethodGet, endpoint+"/moto-api/", "")
}

// Configure sets what must hold before the first AWS call.
func Configure(ctx context.Context, endpoint string) error {
	if err := call(ctx, http.MethodPost, endpoint+"/moto-api/config", settings); err != nil {
		return fmt.Errorf("configure the AWS emulator: %w", err)
	}
	return nil
}

// Version asks the interpreter that runs the server for moto's version. The
// server itself does not tell it.
func Version(ctx context.Context, server process.Identity) string {
	args := server.Args()
	if len(args) == 0 {
		return "unknown"
	}
	out, err := exec.CommandContext(ctx, args[0], "-c", "import importlib.metadata as m; print(m.version('moto'))").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

func call(ctx context.Context, method, url, body string) error {
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	// A proxy of the environment must not be asked for a loopback address.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s", method, url, response.Status)
	}
	return nil
}
