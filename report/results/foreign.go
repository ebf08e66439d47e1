package results

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"gatehouse/report/readiness"
)

// wanted is what every file should have been.
const wanted = "wanted is what gatehouse check -o json writes"

// starts are the first bytes of files that are no JSON.
var starts = []struct{ bytes, is string }{
	{"\x1f\x8b", "compressed with gzip"},
	{"\x28\xb5\x2f\xfd", "compressed with zstd"},
	{"PK\x03\x04", "a zip archive"},
	{"\xef\xbb\xbf", "text behind a byte-order mark; save it as UTF-8 without one"},
	{"\xff\xfe", "UTF-16 text; save it as UTF-8"},
	{"\xfe\xff", "UTF-16 text; save it as UTF-8"},
	{"%PDF", "a PDF"},
}

// others are other tools' files, by top-level keys that each of them has.
var others = []struct {
	keys []string
	is   string
}{
	{[]string{"environment", "started", "items", "evidence", "summary"}, "a run from before its format had a number; run gatehouse check again"},
	{[]string{"runs", "version"}, "a SARIF log"},
	{[]string{"assessment-results"}, "OSCAL assessment results"},
	{[]string{"payloadType", "payload", "signatures"}, "a signed envelope (DSSE); the run is in the bundle that it belongs to"},
	{[]string{"_type", "predicateType"}, "an in-toto statement; the run is in the bundle that it belongs to"},
	{[]string{"before", "after", "changes"}, "a comparison (gatehouse report diff -o json)"},
	{[]string{"source", "findings", "summary"}, "a run of the policies (gatehouse policy check -o json)"},
	{[]string{"SchemaVersion", "Results"}, "a report of Trivy"},
	{[]string{"Findings"}, "findings in the AWS Security Finding Format"},
}

// ours tells whether the data are one whole JSON object of a format that this
// gatehouse reads.
func ours(data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return fmt.Errorf("the file is empty; %s", wanted)
	}
	for _, s := range starts {
		if bytes.HasPrefix(data, []byte(s.bytes)) {
			return fmt.Errorf("not JSON but %s; %s", s.is, wanted)
		}
	}
	switch first := bytes.TrimLeft(data, " \t\r\n"); {
	case first[0] == '<':
		return fmt.Errorf("not JSON but HTML or XML; %s", wanted)
	case first[0] == '[':
		return fmt.Errorf("a JSON list, where a run is an object; %s", wanted)
	case first[0] != '{':
		at := lineColumn(data, int64(len(data)-len(first)))
		return fmt.Errorf("%s: not a JSON object: it begins with %s; %s", at, quoted(string(first[:min(len(first), 12)])), wanted)
	}
	if err := whole(data); err != nil {
		return err
	}
	keys, format, err := head(data)
	if err != nil {
		return misfit(data, err)
	}
	if !slices.Contains(keys, "format") {
		return foreign(keys)
	}
	return known(format)
}

// head reads the top-level keys, and the format as it stands in the JSON.
func head(data []byte) (keys []string, format jsontext.Value, err error) {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	if _, err := d.ReadToken(); err != nil {
		return nil, nil, err
	}
	for d.PeekKind() == '"' {
		key, err := d.ReadToken()
		if err != nil {
			return nil, nil, err
		}
		name := key.String()
		keys = append(keys, name)
		if name != "format" {
			err = d.SkipValue()
		} else {
			format, err = d.ReadValue()
			format = format.Clone()
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return keys, format, nil
}

// foreign says what a file without a format looks like.
func foreign(keys []string) error {
	for _, o := range others {
		missing := func(key string) bool { return !slices.Contains(keys, key) }
		if !slices.ContainsFunc(o.keys, missing) {
			return fmt.Errorf("it has no format; it looks like %s; %s", o.is, wanted)
		}
	}
	var shown []string
	for _, key := range keys[:min(len(keys), 5)] {
		shown = append(shown, quoted(key))
	}
	has := "no keys at all"
	if len(shown) > 0 {
		has = "the keys " + strings.Join(shown, ", ")
	}
	return fmt.Errorf("it has no format, and %s; %s", has, wanted)
}

// known tells whether a format can be read here.
func known(value jsontext.Value) error {
	if value.Kind() != '"' {
		return fmt.Errorf("format: want %q, not %s", readiness.Format, quoted(string(value)))
	}
	text, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		return fmt.Errorf("format: %w", err)
	}
	format := string(text)
	if format == readiness.Format {
		return nil
	}
	name, ours := version(readiness.Format)
	theirs, number := version(format)
	switch {
	case theirs == name && number > ours:
		return fmt.Errorf("format: %s was written by a newer gatehouse, this one reads up to %s; upgrade gatehouse", quoted(format), readiness.Format)
	case theirs == name && number > 0:
		return fmt.Errorf("format: %s is older than what is read here (%s); run gatehouse check again", quoted(format), readiness.Format)
	case format == "":
		return errors.New("format: is empty; " + wanted)
	}
	return fmt.Errorf("format: %s is not a run's (%s); %s", quoted(format), readiness.Format, wanted)
}

// version parts a format into its name and number; the number is 0 when there is
// none.
func version(format string) (name string, number int) {
	name, text, _ := strings.Cut(format, "/")
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		return name, 0
	}
	return name, number
}
