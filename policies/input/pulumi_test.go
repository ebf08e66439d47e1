package input

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gatehouse/report"
)

const exported = `{
    "version": 3,
    "deployment": {
        "manifest": {"time": "2026-01-02T03:04:05Z", "magic": "x", "version": "v3.258.0"},
        "secrets_providers": {"type": "passphrase", "state": {"salt": "v1:x"}},
        "resources": [
            {"urn": "urn:pulumi:staging::gatehouse::pulumi:pulumi:Stack::gatehouse-staging", "custom": false,
             "type": "pulumi:pulumi:Stack", "outputs": {"url": "https://example.com"}},
            {"urn": "urn:pulumi:staging::gatehouse::pulumi:providers:aws::main", "custom": true, "id": "42",
             "type": "pulumi:providers:aws", "inputs": {"region": "eu-west-1"}, "outputs": {"region": "eu-west-1"}},
            {"urn": "urn:pulumi:staging::gatehouse::gatehouse:data:Postgres$aws:rds/instance:Instance::main", "custom": true,
             "id": "db-1", "type": "aws:rds/instance:Instance", "protect": true,
             "inputs": {
                "__defaults": [], "storageEncrypted": true, "port": 5432, "kmsKeyId": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
                "password": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "\"hunter2\""},
                "auth": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"},
                "nested": {"list": [{"secret": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "{\"a\":[1,null]}"}}]},
                "nothing": null, "escaped": "a\u00e9\ud83d\ude00\/\n\"", "empty": {}
             },
             "outputs": {"arn": "arn:aws:rds:x"},
             "parent": "urn:pulumi:staging::gatehouse::pulumi:pulumi:Stack::gatehouse-staging",
             "provider": "urn:pulumi:staging::gatehouse::pulumi:providers:aws::main::42",
             "dependencies": ["urn:pulumi:staging::gatehouse::pulumi:providers:aws::main"],
             "propertyDependencies": {"kmsKeyId": ["urn:pulumi:staging::gatehouse::aws:kms/key:Key::k"], "port": null},
             "sourcePosition": "project:///../../../../components/postgres/instance.go#85,3", "created": "2026-01-02T03:04:05Z"},
            {"urn": "urn:pulumi:staging::gatehouse::aws:s3/bucketV2:BucketV2::old", "custom": true, "delete": true, "id": "b",
             "type": "aws:s3/bucketV2:BucketV2"},
            {"urn": "urn:pulumi:staging::gatehouse::aws:ec2/vpc:Vpc::theirs", "custom": true, "external": true, "id": "vpc-1",
             "type": "aws:ec2/vpc:Vpc"}
        ],
        "metadata": {}
    }
}`

const database = "urn:pulumi:staging::gatehouse::gatehouse:data:Postgres$aws:rds/instance:Instance::main"

func read(t *testing.T, text string) Set {
	t.Helper()
	set, err := Pulumi(strings.NewReader(text), "staging.json")
	require.NoError(t, err)
	return set
}

func TestStateHoldsWhatThePolicyNeeds(t *testing.T) {
	set := read(t, exported)
	assert.Equal(t, "staging", set.Stack)
	assert.Equal(t, "state of staging", set.Source)
	require.Len(t, set.Resources, 3, "what waits for deletion and what is only read is left out")

	assert.False(t, set.Resources[0].Custom)
	assert.Equal(t, resource.PropertyMap{}, set.Resources[0].Properties)
	assert.Equal(t, "pulumi:providers:aws", set.Resources[1].Type)

	r := set.Resources[2]
	r.Properties = nil
	assert.Equal(t, Resource{
		URN: database, Type: "aws:rds/instance:Instance", Name: "main", Custom: true, Protect: true,
		Parent:               "urn:pulumi:staging::gatehouse::pulumi:pulumi:Stack::gatehouse-staging",
		Provider:             "urn:pulumi:staging::gatehouse::pulumi:providers:aws::main",
		Dependencies:         []string{"urn:pulumi:staging::gatehouse::pulumi:providers:aws::main"},
		PropertyDependencies: map[string][]string{"kmsKeyId": {"urn:pulumi:staging::gatehouse::aws:kms/key:Key::k"}},
		Outputs:              resource.PropertyMap{"arn": resource.NewProperty("arn:aws:rds:x"), "id": resource.NewProperty("db-1")},
		Location:             &report.Location{File: "components/postgres/instance.go", Line: 85},
	}, r)
	assert.Equal(t, resource.PropertyMap{
		"__defaults":       resource.NewProperty([]resource.PropertyValue{}),
		"storageEncrypted": resource.NewProperty(true),
		"port":             resource.NewProperty(5432.0),
		"kmsKeyId":         resource.MakeComputed(resource.NewProperty("")),
		"password":         resource.MakeSecret(resource.NewProperty("hunter2")),
		"auth":             resource.MakeSecret(resource.MakeComputed(resource.NewProperty(""))),
		"nested": resource.NewProperty(resource.PropertyMap{"list": resource.NewProperty([]resource.PropertyValue{
			resource.NewProperty(resource.PropertyMap{"secret": resource.MakeSecret(resource.NewProperty(resource.PropertyMap{
				"a": resource.NewProperty([]resource.PropertyValue{resource.NewProperty(1.0), resource.NewNullProperty()}),
			}))}),
		})}),
		"nothing": resource.NewNullProperty(),
		"escaped": resource.NewProperty("aé😀/\n\""),
		"empty":   resource.NewProperty(resource.PropertyMap{}),
	}, set.Resources[2].Properties)
}

func TestLargeStatesAreReadWhole(t *testing.T) {
	set := read(t, string(stateOf(t, 500)))
	require.Len(t, set.Resources, 500)
	last := set.Resources[499]
	assert.Equal(t, "app-498", last.Name)
	assert.Equal(t, last.Properties["spec"], last.Outputs["spec"])
}

func TestStateComesInSeveralForms(t *testing.T) {
	want := read(t, exported)
	checkpoint := strings.Replace(exported, `"deployment": {`, `"checkpoint": {"stack": "organization/gatehouse/staging", "latest": {`, 1) + "}"
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, err := zip.Write([]byte(checkpoint))
	require.NoError(t, errors.Join(err, zip.Close()))
	for name, text := range map[string]string{
		"checkpoint": checkpoint, "gzip": packed.String(), "byte order mark": string(utf8BOM) + exported,
		"CRLF": strings.ReplaceAll(exported, "\n", "\r\n"), "version 4": strings.Replace(exported, `"version": 3`, `"version": 4`, 1),
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, want, read(t, text)) })
	}
	t.Run("a byte at a time", func(t *testing.T) {
		got, err := Pulumi(&oneByte{strings.NewReader(exported)}, "staging.json")
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
	t.Run("nothing deployed", func(t *testing.T) {
		assert.Equal(t, Set{Source: "state"}, read(t, `{"version": 3, "deployment": {"manifest": {}}}`))
	})
}

type oneByte struct{ r io.Reader }

func (o *oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:1]) }

func TestSignedValuesAreWhatTheyStandFor(t *testing.T) {
	const key = `"4dabf18193072939515e22adb298388d":`
	decode := func(t *testing.T, v string) resource.PropertyValue {
		set := read(t, strings.Replace(exported, `"storageEncrypted": true`, `"storageEncrypted": `+v, 1))
		return set.Resources[2].Properties["storageEncrypted"]
	}
	unknown := resource.MakeComputed(resource.NewProperty(""))
	for v, want := range map[string]resource.PropertyValue{
		`"1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"`:                                           unknown,
		`"3eeb2bf0-c639-47a8-9e75-3b44932eb421"`:                                           unknown,
		`"6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"`:                                           unknown,
		`"dd056dcd-154b-4c76-9bd3-c8f88648b5ff"`:                                           unknown,
		`"dd056dcd-154b-4c76-9bd3-c8f88648b5fe"`:                                           resource.NewProperty("dd056dcd-154b-4c76-9bd3-c8f88648b5fe"),
		`"[secret]"`:                                                                       resource.NewProperty("[secret]"),
		`{` + key + `"d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": 7}`:                      resource.NewProperty(7.0),
		`{` + key + `"d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": 7, "secret": true}`:      resource.MakeSecret(resource.NewProperty(7.0)),
		`{` + key + `"d0e6a833031e9bbcd3f4e8bde6ca49a4", "secret": true}`:                  resource.MakeSecret(unknown),
		`{` + key + `"d0e6a833031e9bbcd3f4e8bde6ca49a4"}`:                                  unknown,
		`{` + key + `"803fd3297a5875dc03ca845dda5d2a98", "value": "//4="}`:                 resource.NewProperty("\xff\xfe"),
		`{` + key + `"8ad145fe-0d11-4827-bfd7-1abcbf086f5c", "value": "7ff0000000000000"}`: resource.NewProperty(math.Inf(1)),
		`{` + key + `"5cf8f73096256a8f31e491e813e4eb8e", "urn": "u", "id": "i", "packageVersion": "1"}`: resource.NewProperty(
			resource.ResourceReference{URN: "u", ID: resource.NewProperty("i"), PackageVersion: "1"}),
		`{` + key + `"1b47061264138c4ac30d75fd1eb44270", "plaintext": "\"04da6b54-80e4-46f7-96ec-b56ff0331ba9\""}`: resource.MakeSecret(unknown),
	} {
		assert.Equal(t, want, decode(t, v), v)
	}
	text := decode(t, `{`+key+`"c44067f5952c0a294b673a41bacd8c17", "text": "hello", "hash": "h"}`)
	require.True(t, text.IsAsset())
	assert.Equal(t, "hello", text.AssetValue().Text)
	archive := decode(t, `{`+key+`"0def7320c3a5731c473e5ecbe6d01bc7", "assets": {"a": {`+key+`"c44067f5952c0a294b673a41bacd8c17", "text": "x"}}}`)
	require.True(t, archive.IsArchive())
	assert.Contains(t, archive.ArchiveValue().Assets, "a")

	for v, message := range map[string]string{
		`{` + key + `"1b47061264138c4ac30d75fd1eb44270", "plaintext": "hunter2"}`:       "plaintext is not JSON",
		`{` + key + `"1b47061264138c4ac30d75fd1eb44270", "plaintext": "\"x\" hunter2"}`: "plaintext is not JSON",
		`{` + key + `"00000000000000000000000000000000"}`:                               "newer than this program",
		`{` + key + `7}`: "its signature is no string",
		`{` + key + `"803fd3297a5875dc03ca845dda5d2a98", "value": "?"}`:       "not base64",
		`{` + key + `"8ad145fe-0d11-4827-bfd7-1abcbf086f5c", "value": "?"}`:   "not hexadecimal",
		`{` + key + `"c44067f5952c0a294b673a41bacd8c17", "text": 7}`:          "asset text",
		`{` + key + `"0def7320c3a5731c473e5ecbe6d01bc7", "assets": {"a": 1}}`: "not an asset or archive",
	} {
		_, err := Pulumi(strings.NewReader(strings.Replace(exported, `"storageEncrypted": true`, `"storageEncrypted": `+v, 1)), "staging.json")
		require.ErrorContains(t, err, message, v)
		assert.NotContains(t, err.Error(), "hunter2", "errors hold no secrets")
		assert.Contains(t, err.Error(), "read staging.json:1", "errors say where")
	}
}

const previewed = `{
  "config": {"aws:region": "eu-west-1"},
  "steps": [
    {"op": "same", "urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "newState": {
      "urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "custom": false, "type": "pulumi:pulumi:Stack"}, "detailedDiff": null},
    {"op": "create", "urn": "urn:pulumi:dev::p::aws:rds/instance:Instance::a", "newState": {
      "urn": "urn:pulumi:dev::p::aws:rds/instance:Instance::a", "custom": true, "type": "aws:rds/instance:Instance",
      "inputs": {"password": "[secret]", "kmsKeyId": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "port": 1},
      "outputs": {"port": 1}, "sourcePosition": "project:///main.go#7"}},
    {"op": "create-replacement", "urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::b", "newState": {
      "urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::b", "custom": true, "type": "aws:s3/bucketV2:BucketV2", "inputs": {"n": 1}}},
    {"op": "replace", "urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::b",
     "oldState": {"urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::b", "custom": true, "id": "o", "type": "aws:s3/bucketV2:BucketV2", "inputs": {"n": 0}},
     "newState": {"urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::b", "custom": true, "type": "aws:s3/bucketV2:BucketV2", "inputs": {"n": 2}, "outputs": {"n": 0}}},
    {"op": "delete-replaced", "urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::b",
     "oldState": {"urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::b", "custom": true, "id": "o", "type": "aws:s3/bucketV2:BucketV2"}},
    {"op": "delete", "urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::c",
     "newState": {"urn": "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::c", "custom": true, "id": "c", "type": "aws:s3/bucketV2:BucketV2"}},
    {"op": "read", "urn": "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::d", "newState": {
      "urn": "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::d", "custom": true, "external": true, "id": "vpc", "type": "aws:ec2/vpc:Vpc"}},
    {"op": "same", "urn": "urn:pulumi:dev::p::aws:kms/key:Key::e", "newState": {
      "urn": "urn:pulumi:dev::p::aws:kms/key:Key::e", "custom": true, "id": "k", "type": "aws:kms/key:Key", "inputs": {}, "outputs": {"arn": "x"}}}
  ],
  "diagnostics": [{"message": "careful", "severity": "warning"}],
  "duration": 12345, "changeSummary": {"create": 1, "delete": 1, "replace": 1, "same": 2}
}`

func TestPreviewHoldsWhatWillBe(t *testing.T) {
	set := read(t, previewed)
	assert.Equal(t, "dev", set.Stack)
	assert.Equal(t, "preview of dev", set.Source)
	var names []string
	for _, r := range set.Resources {
		names = append(names, r.Name)
	}
	assert.Equal(t, []string{"p-dev", "a", "b", "e"}, names, "deleted and read ones are left out, a replaced one comes once")
	a := set.Resources[1]
	assert.Equal(t, resource.PropertyMap{
		"password": resource.MakeSecret(resource.MakeComputed(resource.NewProperty(""))),
		"kmsKeyId": resource.MakeComputed(resource.NewProperty("")),
		"port":     resource.NewProperty(1.0),
	}, a.Properties)
	assert.Nil(t, a.Outputs, "nobody has answered yet")
	assert.Equal(t, &report.Location{File: "main.go", Line: 7}, a.Location)
	assert.Equal(t, resource.NewProperty(2.0), set.Resources[2].Properties["n"])
	assert.Nil(t, set.Resources[2].Outputs, "what has no ID yet was not created")
	assert.Equal(t, resource.NewProperty("k"), set.Resources[3].Outputs["id"])
}

func TestWhatIsNoWholeStackIsRefused(t *testing.T) {
	replace := func(text, from, to string) string {
		require.Contains(t, text, from)
		return strings.Replace(text, from, to, 1)
	}
	long := strings.Repeat(`{"a":`, 300) + "1" + strings.Repeat("}", 300)
	for name, c := range map[string]struct{ text, message string }{
		"empty":                   {"", "read x.json:1: the JSON is cut short"},
		"text":                    {"hello", "neither a state nor a preview"},
		"list":                    {"[]", "neither a state nor a preview"},
		"another object":          {`{"kind": "Pod"}`, "neither a state nor a preview"},
		"old format":              {replace(exported, `"version": 3`, `"version": 2`), "format 2"},
		"no version":              {replace(exported, `"version": 3,`, ``), "format 0"},
		"truncated":               {exported[:len(exported)/2], "cut short"},
		"truncated preview":       {previewed[:len(previewed)-3], "cut short"},
		"trailing":                {exported + "{}", "the end of the file"},
		"UTF-16":                  {"\xff\xfe{\x00}\x00", "UTF-16"},
		"UTF-16 without mark":     {"{\x00}\x00", "UTF-16"},
		"binary":                  {"\x00\x00\x00", "binary"},
		"no UTF-8":                {replace(exported, "arn:aws", "\xff"), "not UTF-8"},
		"broken gzip":             {"\x1f\x8bnonsense......", "gzip"},
		"deep":                    {replace(exported, `"storageEncrypted": true`, `"x": `+long), "deeper than 200 levels"},
		"deep where skipped":      {`{"version": 3, "other": ` + long + `}`, "deeper than 200 levels"},
		"duplicate key":           {replace(exported, `"port": 5432`, `"port": 1, "port": 2`), `x.json:14: the key "port" is given twice`},
		"huge number":             {replace(exported, `5432`, `1e999`), "out of range"},
		"no number":               {replace(exported, `5432`, `05432`), "not JSON"},
		"control character":       {replace(exported, `hunter2`, "\x01"), "control character"},
		"unknown escape":          {replace(exported, `v1:abc`, `\q`), "escape"},
		"missing comma":           {replace(exported, `"port": 5432,`, `"port": 5432`), "a comma or }"},
		"missing colon":           {replace(exported, `"port": 5432`, `"port" 5432`), "a colon"},
		"no URN":                  {replace(exported, database, "main"), "no valid URN"},
		"inputs of wrong type":    {replace(exported, `"inputs": {"region": "eu-west-1"}`, `"inputs": 7`), "no object"},
		"URN of wrong type":       {replace(exported, `"urn": "`+database+`"`, `"urn": 7`), "a string should be"},
		"resources of wrong type": {`{"version": 3, "deployment": {"resources": {}}}`, "an array should be"},
		"without sames":           {replace(previewed, `"same": 2`, `"same": 40`), "leaves out 38 resources that stay the same: add --show-sames"},
		"failed preview":          {replace(previewed, `"warning"`, `"error"`), "the preview has failed"},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := Pulumi(strings.NewReader(c.text), "x.json")
			require.ErrorContains(t, err, c.message)
			assert.True(t, strings.HasPrefix(err.Error(), "read x.json"), err)
			assert.Equal(t, Set{}, set, "nothing is half-read")
		})
	}
}

func TestEveryTruncationIsRefused(t *testing.T) {
	for _, text := range []string{exported, previewed} {
		for n := range len(text) {
			set, err := Pulumi(strings.NewReader(text[:n]), "x.json")
			require.Error(t, err, text[:n])
			require.Empty(t, set.Resources)
		}
	}
}

func TestLargeStatesAreRefusedBeforeTheyAreRead(t *testing.T) {
	small := standard
	small.total = 10_000
	endless := &counted{r: io.MultiReader(strings.NewReader(`{"version": 3, "pad": "`), endlessly('x'))}
	_, err := readPulumi(endless, "x.json", small)
	require.ErrorContains(t, err, "read x.json: it is larger than 10000 bytes")
	assert.LessOrEqual(t, endless.n, int64(10_001))

	t.Run("a bomb of gzip", func(t *testing.T) {
		var packed bytes.Buffer
		zip := gzip.NewWriter(&packed)
		_, err := io.Copy(zip, io.MultiReader(strings.NewReader(`{"pad": "`), io.LimitReader(endlessly('x'), 1_000_000)))
		require.NoError(t, errors.Join(err, zip.Close()))
		require.Less(t, packed.Len(), 10_000)
		_, err = readPulumi(&packed, "x.json", small)
		require.ErrorContains(t, err, "larger than")
	})
	t.Run("too many values", func(t *testing.T) {
		few := standard
		few.values = 10
		_, err := readPulumi(strings.NewReader(exported), "x.json", few)
		require.ErrorContains(t, err, "more than 10 values")
	})
	t.Run("a source that fails", func(t *testing.T) {
		_, err := Pulumi(io.MultiReader(strings.NewReader(exported[:200]), failing{}), "x.json")
		require.ErrorIs(t, err, errBroken)
	})
}

// endlessly is a reader of one byte over and over.
type endlessly byte

func (e endlessly) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// counted tells how much was read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

var errBroken = errors.New("the disk is broken")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroken }

// A part of a component without a place of its own has that of the component,
// through all of its parents.
func TestPartsHaveThePlaceOfTheirComponent(t *testing.T) {
	urn := func(name string) string { return "urn:pulumi:a::b::x:y:Z::" + name }
	set, err := Pulumi(strings.NewReader(`{"version": 3, "deployment": {"resources": [
		{"urn": "`+urn("whole")+`", "sourcePosition": "project:///a.go#7"},
		{"urn": "`+urn("part")+`", "parent": "`+urn("whole")+`"},
		{"urn": "`+urn("inner")+`", "parent": "`+urn("part")+`"},
		{"urn": "`+urn("own")+`", "parent": "`+urn("part")+`", "sourcePosition": "project:///b.go#1"},
		{"urn": "`+urn("alone")+`"}]}}`), "state.json")
	require.NoError(t, err)
	places := map[string]*report.Location{}
	for _, r := range set.Resources {
		places[r.Name] = r.Location
	}
	whole := &report.Location{File: "a.go", Line: 7}
	assert.Equal(t, map[string]*report.Location{
		"whole": whole, "part": whole, "inner": whole, "own": {File: "b.go", Line: 1}, "alone": nil,
	}, places)
}

func TestPositionsAreWithinTheProject(t *testing.T) {
	for text, want := range map[string]*report.Location{
		"project:///a/b.go#85":                      {File: "a/b.go", Line: 85},
		"project:///a/b.go#85,12":                   {File: "a/b.go", Line: 85},
		"project:///../../../../components/x.go#85": {File: "components/x.go", Line: 85},
		"project:///a%20b.go#1":                     {File: "a b.go", Line: 1},
		"project:///a.go":                           {File: "a.go"},
		"project:///a.go#x":                         {File: "a.go"},
		"":                                          nil,
		"project:///":                               nil,
		"project:///../..":                          nil,
		"file:///a.go#1":                            nil,
		"project:///%zz":                            nil,
	} {
		assert.Equal(t, want, position(text), text)
	}
}
