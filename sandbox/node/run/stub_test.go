package run_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox/node/run"
)

// TestMain lets the test binary stand in for the programs of the pods.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "stub" {
		os.Exit(stub(os.Args[2], os.Args[3:]))
	}
	os.Exit(m.Run())
}

// programs run the test binary.
func programs() run.Programs {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return run.Programs{run.Installer: {
		Argv:      []string{self, "stub"},
		Variables: func(address string) map[string]string { return map[string]string{"STUB_ADDRESS": address} },
	}}
}

func stub(command string, args []string) int {
	switch command {
	case "exit": // CODE TEXT
		fmt.Println(args[1])
		code, _ := strconv.Atoi(args[0])
		return code
	case "tell": // what it was given
		here, _ := os.Getwd()
		_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"env": os.Environ(), "args": args, "dir": here})
		return 0
	case "cat": // FILE…
		for _, name := range args {
			text, err := os.ReadFile(name)
			fmt.Printf("%s %v\n", text, err)
		}
		return 0
	case "write": // FILE TEXT
		if err := os.WriteFile(args[0], []byte(args[1]), 0o600); err != nil {
			fmt.Println(err)
			return 1
		}
		return 0
	case "kube":
		return stubKube()
	case "get": // URL
		response, err := http.Get(args[0])
		if err != nil {
			fmt.Println(err)
			return 1
		}
		defer response.Body.Close()
		_, _ = io.Copy(os.Stdout, response.Body)
		return 0
	case "serve":
		return stubServe(false)
	case "stubborn": // with a child of its own, and takes no SIGTERM
		return stubServe(true)
	case "sleep":
		time.Sleep(time.Hour)
	case "node": // starts a process of a pod, says its ID, and waits to be killed
		run.StartForTest(args)
		time.Sleep(time.Hour)
	}
	return 2
}

// stubKube asks the API server as the pod's service account.
func stubKube() int {
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
	if err != nil {
		fmt.Println(err)
		return 1
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	space := os.Getenv("SPACE")
	_, err = client.CoreV1().ConfigMaps(space).Get(context.Background(), "settings", metav1.GetOptions{})
	fmt.Println("configmap:", err)
	_, err = client.CoreV1().Secrets(space).List(context.Background(), metav1.ListOptions{})
	fmt.Println("secrets:", err)
	return 0
}

// stubServe answers until SIGTERM: /ready when the file READY is there, /live when
// the file DEAD is not.
func stubServe(stubborn bool) int {
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if stubborn {
		child := exec.Command(os.Args[0], "stub", "sleep")
		_ = child.Start()
		ended = context.Background()
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/ready", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := os.Stat(os.Getenv("FOLDER") + "/ready"); err != nil {
			http.Error(w, "not yet", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/live", func(w http.ResponseWriter, _ *http.Request) {
		if os.Remove(os.Getenv("FOLDER")+"/dead") == nil {
			http.Error(w, "dead", http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "served by "+os.Getenv("HOSTNAME")) })
	server := &http.Server{Addr: os.Getenv("STUB_ADDRESS") + ":8080", Handler: mux, ReadHeaderTimeout: time.Second}
	context.AfterFunc(ended, func() { _ = server.Close() })
	fmt.Println("listens on", server.Addr)
	fmt.Println(server.ListenAndServe())
	fmt.Println("ends cleanly")
	return 0
}
