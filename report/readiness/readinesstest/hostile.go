package readinesstest

import (
	"reflect"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// Hostile are texts that mean harm to one format or another; each must stand in
// a report as text.
var Hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`</textarea></style></title></details></table><h1>owned</h1>`,
	`' onmouseover='alert(1)`,
	`javascript:alert(1)`,
	`<!--`, `]]>`, `{{.}}`, `&amp;&lt;`,
	"\x1b[2J\x1b[31mred", "nul\x00 bell\x07 back\x08",
	"\u202Egnp.exe", "\u2066isolated\u2069", "\ufeffmark",
	"\xff\xfe not UTF-8",
	`=HYPERLINK("https://evil.example","x")`, `@SUM(1+1)`, `+1`, `-1`,
	"a\r\nb\rc\u2028d", `| a | b |`, "```", `[x](javascript:alert(1))`, `::error::x`, `%0A::warning::`,
}

// hostileItem carries texts that mean harm where evidence would put them.
func hostileItem() readiness.Item {
	return single(readiness.Item{
		ID: "SEC-4", Guide: "readiness", Section: "Network Security", Title: "Security headers",
		Text: "Headers are set", Severity: report.Low, Phase: readiness.PostDeploy,
		Frameworks: frameworks("ISO 27001", "A.8.26"), Verdict: readiness.Fail, Layer: "edge",
		Expected: "every page has Content-Security-Policy", Found: "/ answers with \"" + Hostile[0] + "\"",
		Remediation: "Set the headers, e.g. <meta http-equiv=\"Content-Security-Policy\">.", Evidence: []string{"web.headers"},
		History: []readiness.Past{},
	}, readiness.Judgement{Checker: "web-headers", Subjects: len(Hostile), Failures: hostileFailures()})
}

func hostileFailures() []readiness.Failure {
	out := make([]readiness.Failure, len(Hostile))
	for i, text := range Hostile {
		out[i] = readiness.Failure{Where: "https://staging.example.com/", Found: text, Remedy: text}
	}
	return out
}

// Map is the run with every free text changed by f, the same text always the
// same way: references still name what they named. Verdicts, severities and
// other words of a fixed list, times and digests of evidence stay. An empty text
// stays empty.
func Map(r readiness.Run, f func(string) string) readiness.Run {
	return mapped(reflect.ValueOf(r), f).Interface().(readiness.Run)
}

// fixed are fields whose words have a meaning that a renderer may look at.
var fixed = map[string]bool{"Kind": true, "Overlay": true, "System": true, "SHA256": true, "Format": true, "Expires": true, "Digest": true}

func mapped(v reflect.Value, f func(string) string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.String() != "" {
			out.SetString(f(v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.IsExported() && (!fixed[field.Name] || field.Type.Kind() != reflect.String) {
				out.Field(i).Set(mapped(v.Field(i), f))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(mapped(v.Elem(), f))
		}
	case reflect.Slice:
		if !v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8 {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(mapped(v.Index(i), f))
			}
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
			for entries := v.MapRange(); entries.Next(); {
				out.SetMapIndex(mapped(entries.Key(), f), mapped(entries.Value(), f))
			}
		}
	}
	return out
}
