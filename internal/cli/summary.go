package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/engine"
)

// past is how Pulumi's operations are told once they are done.
var past = map[string]string{
	"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced",
	"same": "unchanged", "read": "read", "import": "imported", "refresh": "refreshed",
}

// mostChanges is how many changed resources the text output names.
const mostChanges = 40

// writeSummary shows what an operation did.
func writeSummary(out io.Writer, stack string, op engine.Operation, r engine.Result) {
	writeField(out, stack, layerCounts(r.Layers))
	writeField(out, "", fmt.Sprintf("%s · %.1f s", changeCounts(op, r), r.Seconds))
	if len(r.Simulated) > 0 {
		total := 0
		var parts []string
		for _, token := range slices.Sorted(maps.Keys(r.Simulated)) {
			total += r.Simulated[token]
			parts = append(parts, fmt.Sprintf("%s %d", short(token), r.Simulated[token]))
		}
		writeField(out, "simulated", fmt.Sprintf("%d, in the state only: %s", total, strings.Join(parts, ", ")))
	}
	// Of a whole environment made or deleted, the counts tell enough.
	if op == engine.Preview || op == engine.Refresh || r.ChangeSummary["update"]+r.ChangeSummary["replace"] > 0 {
		writeChanges(out, r.Changes)
	}
	if op == engine.Up {
		writeOutputs(out, r.Outputs)
	}
}

// short is a type token without its module's file: aws:eks/addon:Addon is
// eks:Addon to a reader.
func short(token string) string {
	parts := strings.Split(token, ":")
	if len(parts) != 3 {
		return token
	}
	module, _, _ := strings.Cut(parts[1], "/")
	return module + ":" + parts[2]
}

// changeCounts lists how many resources became of what. A refresh counts what
// it found, not what Pulumi calls its steps.
func changeCounts(op engine.Operation, r engine.Result) string {
	if op == engine.Refresh {
		if len(r.Changes) == 0 {
			return "no drift"
		}
		return fmt.Sprintf("%d drifted", len(r.Changes))
	}
	var parts []string
	for _, o := range slices.Sorted(maps.Keys(r.ChangeSummary)) {
		word := o
		if w, ok := past[o]; ok {
			word = w
		}
		if op == engine.Preview && o != "same" {
			word = "to " + o
		}
		if n := r.ChangeSummary[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	if len(parts) == 0 {
		return "nothing to do"
	}
	return strings.Join(parts, ", ")
}

func writeChanges(out io.Writer, changes []engine.Change) {
	for i, c := range changes {
		if i == mostChanges {
			writeField(out, "", fmt.Sprintf("… and %d more; -o json lists all", len(changes)-i))
			return
		}
		line := fmt.Sprintf("%s %s (%s)", c.Operation, c.Name, c.Type)
		if len(c.Properties) > 0 {
			line += ": " + strings.Join(c.Properties, ", ")
		}
		writeField(out, "", line)
	}
}

func writeOutputs(out io.Writer, outputs map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		if value, ok := outputs[name].(string); ok && !strings.Contains(value, "\n") && len(value) < width {
			writeField(out, "output", name+" "+value)
		}
	}
}

// writeField writes a label of 11 columns and text, wrapped to the width.
func writeField(out io.Writer, label, text string) {
	const indent = 12
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && indent+utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			fmt.Fprintf(out, "%-11s %s\n", label, line)
			label, line = "", ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		fmt.Fprintf(out, "%-11s %s\n", label, line)
	}
}
