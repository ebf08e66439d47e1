package judge

import (
	"fmt"
	"maps"
	"time"
)

// Thresholds are the figures of one checklist item by name: numbers, texts,
// lists of texts, and durations as Go writes them ("15m", "720h").
type Thresholds map[string]any

// With lays other figures over these.
func (t Thresholds) With(over Thresholds) Thresholds {
	all := Thresholds{}
	maps.Copy(all, t)
	maps.Copy(all, over)
	return all
}

// Number is a threshold. One that is not set, or is none, panics, which makes
// the judgement an ERROR: the checklist is wrong.
func (c *Case) Number(name string) float64 {
	switch n := c.threshold(name).(type) {
	case int:
		return float64(n)
	case float64:
		return n
	default:
		panic(fmt.Sprintf("the threshold %s is %T, a number is wanted", name, n))
	}
}

// Int is a threshold that counts something.
func (c *Case) Int(name string) int { return int(c.Number(name)) }

// Duration is a threshold in time.
func (c *Case) Duration(name string) time.Duration {
	text := c.Text(name)
	d, err := time.ParseDuration(text)
	if err != nil {
		panic(fmt.Sprintf("the threshold %s is %q, a duration such as 15m or 720h is wanted", name, text))
	}
	return d
}

// Text is a threshold that is a word, such as a version.
func (c *Case) Text(name string) string {
	text, ok := c.threshold(name).(string)
	if !ok {
		panic(fmt.Sprintf("the threshold %s is %T, a text is wanted", name, c.threshold(name)))
	}
	return text
}

// Texts is a threshold that is a list of words.
func (c *Case) Texts(name string) []string {
	list, ok := c.threshold(name).([]any)
	if !ok {
		panic(fmt.Sprintf("the threshold %s is %T, a list is wanted", name, c.threshold(name)))
	}
	var texts []string
	for _, each := range list {
		texts = append(texts, fmt.Sprint(each))
	}
	return texts
}

func (c *Case) threshold(name string) any {
	value, set := c.thresholds[name]
	if !set {
		panic(fmt.Sprintf("the threshold %s is not set in the checklist", name))
	}
	return value
}
