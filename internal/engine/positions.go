package engine

import (
	"runtime"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/report"
)

// positions remembers where the program registers what. A state keeps that too,
// but a preview has none.
type positions struct {
	mu sync.Mutex
	at map[string]report.Location // by TYPE::NAME
}

// watch runs the program and takes down the line of every registration.
func (p *positions) watch(program pulumi.RunFunc) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		err := ctx.RegisterStackTransformation(func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
			p.note(args.Type + "::" + args.Name)
			return nil
		})
		if err != nil {
			return err
		}
		return program(ctx)
	}
}

// frames is how deep the SDK and our helper may call before the line that a
// person wrote.
const frames = 32

func (p *positions) note(subject string) {
	pcs := make([]uintptr, frames)
	found := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := found.Next()
		if file, ours := relative(frame); ours {
			p.mu.Lock()
			p.at[subject] = report.Location{File: file, Line: frame.Line}
			p.mu.Unlock()
			return
		}
		if !more {
			return
		}
	}
}

// sources is the folder of the program's files, as the compiler wrote it into
// this binary: a path, or the module's name when it was built with -trimpath.
var sources = func() string {
	_, file, _, _ := runtime.Caller(0)
	return strings.TrimSuffix(file, "internal/engine/positions.go")
}()

// relative is the file of a frame of the program within the project. The engine
// driver and the helper that registers components are no part of it.
func relative(frame runtime.Frame) (string, bool) {
	for _, helper := range []string{"gatehouse/internal/engine.", "gatehouse/components/component."} {
		if strings.HasPrefix(frame.Function, helper) {
			return "", false
		}
	}
	return strings.CutPrefix(frame.File, sources)
}
