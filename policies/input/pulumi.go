package input

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Pulumi reads what Pulumi writes down of a stack, and finds out by itself which
// it is:
//
//   - a state: the output of `pulumi stack export` (with --show-secrets its
//     secrets can be judged, else they are undecided), or a checkpoint file of a
//     file or bucket backend, gzipped or not. Resources that wait for deletion
//     and those that are only read are left out.
//   - a preview: the output of `pulumi preview --json --show-sames`. Without
//     --show-sames it lacks what does not change, and rules that look at several
//     resources would judge a stack that nobody has; it is refused then. Secrets
//     are blinded in it and thus undecided.
//
// name is the file, for errors. Resources keep their order. The input is read as
// a stream: what is not a resource costs no memory.
func Pulumi(r io.Reader, name string) (Set, error) {
	return readPulumi(r, name, standard)
}

func readPulumi(r io.Reader, name string, limit limits) (Set, error) {
	set, err := decodePulumi(r, limit)
	switch {
	case errors.Is(err, errTooLarge):
		return Set{}, fmt.Errorf("read %s: it is larger than %s: split the stack",
			name, mebibytes(limit.total))
	case err != nil:
		return Set{}, in(name, err)
	}
	return set, nil
}

func decodePulumi(r io.Reader, limit limits) (Set, error) {
	text, err := unpack(r, limit.total)
	if err != nil {
		return Set{}, err
	}
	d := &pulumiDecoder{json: newJSONReader(text, limit), byURN: map[string]int{}}
	if err := d.document(); err != nil {
		return Set{}, err
	}
	return d.set()
}

// unpack undoes gzip and a byte order mark, and caps the size.
func unpack(r io.Reader, size int64) (io.Reader, error) {
	packed := bufio.NewReader(&capped{r, size})
	head, err := packed.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	text := packed
	if bytes.Equal(head, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(packed)
		if err != nil {
			return nil, fmt.Errorf("unpack gzip: %w", err)
		}
		text = bufio.NewReader(&capped{zip, size})
	}
	if head, _ = text.Peek(3); bytes.Equal(head, utf8BOM) {
		_, _ = text.Discard(len(utf8BOM))
	}
	return text, encoded(head)
}

// pulumiDecoder walks a state or a preview.
type pulumiDecoder struct {
	json *jsonReader
	// kind is "state" or "preview", "" until a key says which.
	kind      string
	version   float64
	resources []Resource
	byURN     map[string]int
	// sames counts steps that change nothing, allSames is how many the engine
	// says there are; failed is whether the engine reported an error.
	sames, allSames int
	failed          bool
}

func (d *pulumiDecoder) document() error {
	c, err := d.json.peek()
	if err != nil {
		return err
	}
	if c != '{' {
		return d.neither()
	}
	if err := d.json.object(d.top); err != nil {
		return err
	}
	if d.kind == "" {
		return d.neither()
	}
	return d.json.end()
}

func (d *pulumiDecoder) neither() error {
	return at(d.json.line, "this is neither a state nor a preview: give it the output of "+
		"`pulumi stack export` or of `pulumi preview --json --show-sames`")
}

func (d *pulumiDecoder) top(key string) error {
	switch key {
	case "version":
		return number(d.json, &d.version)
	case "deployment":
		return d.deployment("")
	case "checkpoint":
		return d.deployment("latest")
	case "steps":
		d.kind = "preview"
		d.json.decode = ofPreview
		return d.json.array(d.step)
	case "changeSummary":
		d.kind = "preview"
		return d.json.object(func(op string) error {
			var n float64
			if err := number(d.json, &n); err != nil {
				return err
			}
			if op == "same" {
				d.allSames = int(n)
			}
			return nil
		})
	case "diagnostics":
		return d.json.array(d.diagnostic)
	}
	return d.json.skip()
}

// deployment reads the resources of a deployment; inside names the key that it
// is under, "" when it comes next.
func (d *pulumiDecoder) deployment(inside string) error {
	d.kind = "state"
	d.json.decode = ofState
	return d.json.object(func(key string) error {
		switch {
		case inside != "" && key == inside:
			return d.deployment("")
		case inside == "" && key == "resources":
			return d.json.array(func() error {
				s, err := readState(d.json)
				if err == nil && !s.gone {
					d.resources = append(d.resources, s.Resource)
				}
				return err
			})
		}
		return d.json.skip()
	})
}

// step reads one step of a preview. A resource may have several (its
// replacement is created, then it is replaced): the last one says how it ends.
func (d *pulumiDecoder) step() error {
	var op string
	var s *state
	err := d.json.object(func(key string) (err error) {
		switch key {
		case "op":
			op, err = d.json.text()
			return err
		case "newState":
			read, err := readState(d.json)
			s = &read
			return err
		}
		return d.json.skip()
	})
	if err != nil {
		return err
	}
	if op == "same" {
		d.sames++
	}
	if op == "delete" || s == nil || s.URN == "" || s.gone {
		return nil
	}
	if op == "create" {
		s.Outputs = nil
	}
	if i, seen := d.byURN[s.URN]; seen {
		d.resources[i] = s.Resource
		return nil
	}
	d.byURN[s.URN] = len(d.resources)
	d.resources = append(d.resources, s.Resource)
	return nil
}

func (d *pulumiDecoder) diagnostic() error {
	return d.json.object(func(key string) error {
		if key != "severity" {
			return d.json.skip()
		}
		severity, err := d.json.text()
		d.failed = d.failed || severity == "error"
		return err
	})
}

// set makes sure that what was read is whole.
func (d *pulumiDecoder) set() (Set, error) {
	switch {
	case d.kind == "state" && d.version != 3 && d.version != 4:
		return Set{}, fmt.Errorf("the state has format %g, and 3 and 4 can be read: export it anew with a current pulumi",
			d.version)
	case d.failed:
		return Set{}, errors.New("the preview has failed, and shows a part of the stack: mend what its diagnostics say, and preview again")
	case d.sames < d.allSames:
		return Set{}, fmt.Errorf("the preview leaves out %d resources that stay the same: add --show-sames to `pulumi preview --json`",
			d.allSames-d.sames)
	}
	inheritPlaces(d.resources)
	set := Set{Source: d.kind, Resources: d.resources}
	if len(d.resources) > 0 {
		set.Stack = resource.URN(d.resources[0].URN).Stack().String()
		set.Source += " of " + set.Stack
	}
	return set, nil
}

func number(r *jsonReader, into *float64) error {
	v, err := r.value()
	if err == nil && v.IsNumber() {
		*into = v.NumberValue()
	}
	return err
}
