package controllers

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"gatehouse/sandbox/metrics"
)

// refusedSuffix is that of rule files that promtool refuses: Prometheus does not
// read them, and they are not checked again.
const refusedSuffix = ".refused"

// ruleFiles is the folder of rule files.
type ruleFiles struct {
	Monitoring
	// unread is true while Prometheus may not have read what the folder holds.
	unread bool
}

// apply makes the folder what the cluster's PrometheusRules say. One that is
// wrong is left out and shows in the log: Prometheus would refuse all of them, or
// not start.
func (f *ruleFiles) apply(ctx context.Context, rules []*unstructured.Unstructured) error {
	if err := os.MkdirAll(f.Rules, 0o700); err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	wanted := map[string]bool{}
	for _, rule := range rules {
		name := rule.GetNamespace() + "-" + rule.GetName() + ".yaml"
		wanted[name] = true
		spec, _, _ := unstructured.NestedMap(rule.Object, "spec")
		text, err := yaml.Marshal(spec)
		if err == nil {
			err = f.write(ctx, filepath.Join(f.Rules, name), text)
		}
		if err != nil {
			return fmt.Errorf("write rules %s: %w", name, err)
		}
	}
	if err := f.remove(wanted); err != nil {
		return err
	}
	if !f.unread {
		return nil
	}
	if err := metrics.Reload(ctx, f.Prometheus); err != nil {
		return fmt.Errorf("have Prometheus read the rules: %w", err)
	}
	f.unread = false
	return nil
}

// write writes a rule file that is right, unless it is there.
func (f *ruleFiles) write(ctx context.Context, path string, text []byte) error {
	if same(path, text) || same(path+refusedSuffix, text) {
		return nil
	}
	beside := path + ".new"
	if err := os.WriteFile(beside, text, 0o600); err != nil {
		return err
	}
	defer func() { _ = os.Remove(beside) }()
	f.unread = true
	if why := refused(ctx, "promtool", "check", "rules", beside); why != "" {
		log.Printf("monitoring: the rules %s are wrong and left out: %s", filepath.Base(path), why)
		_ = os.Remove(path) // those before no longer hold either
		return renameio.WriteFile(path+refusedSuffix, text, 0o600)
	}
	_ = os.Remove(path + refusedSuffix)
	return os.Rename(beside, path)
}

// remove removes files of rules that the cluster no longer has.
func (f *ruleFiles) remove(wanted map[string]bool) error {
	files, err := os.ReadDir(f.Rules)
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(file.Name(), refusedSuffix)
		if filepath.Ext(name) != ".yaml" || wanted[name] {
			continue
		}
		if err := os.Remove(filepath.Join(f.Rules, file.Name())); err != nil {
			return fmt.Errorf("remove rules: %w", err)
		}
		f.unread = true
	}
	return nil
}

// refused runs a checker of configuration and returns what it does not like, ""
// when all is well or there is no such checker.
func refused(ctx context.Context, checker string, args ...string) string {
	path, err := exec.LookPath(checker)
	if err != nil {
		return ""
	}
	out, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	if err == nil || ctx.Err() != nil {
		return ""
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// same tells whether a file holds exactly this.
func same(path string, text []byte) bool {
	have, err := os.ReadFile(path)
	return err == nil && bytes.Equal(have, text)
}
