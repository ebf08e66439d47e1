package operations

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// storesClassified: thresholds classificationTag, classes.
var storesClassified = judge.Checker{
	ID:       "data-stores-classified",
	Expected: "Everything that keeps data says how sensitive the data is",
	Needs:    []evidence.Name{evidence.StateStores.Name()},
	Judge: func(c *judge.Case) {
		tag, classes := c.Text("classificationTag"), c.Texts("classes")
		c.Expect("everything that keeps data has the tag %s: %s", tag, strings.Join(classes, ", "))
		count := map[string]int{}
		for _, s := range judge.Read(c, evidence.StateStores) {
			class := tagged(s.Tags, tag)
			switch {
			case class == "":
				c.FailWith(storeName(s), "classify what it keeps, and tag it", "has no tag %s", tag)
			case !slices.Contains(classes, class):
				c.Fail(storeName(s), "its tag %s is %q, which is no class", tag, class)
			default:
				c.Saw()
				count[class]++
			}
		}
		for _, class := range classes {
			if count[class] > 0 {
				c.Note("%d %s", count[class], class)
			}
		}
	},
}

// tagged is a tag's value; AWS tells case apart in names, people do not.
func tagged(tags map[string]string, name string) string {
	for key, value := range tags {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// storesProtected: a read replica keeps nothing that its source has not, and can
// be made anew.
var storesProtected = judge.Checker{
	ID:       "data-stores-protected",
	Expected: "Pulumi refuses to delete whatever keeps data that is nowhere else",
	Needs:    []evidence.Name{evidence.StateStores.Name()},
	Judge: func(c *judge.Case) {
		protected := 0
		for _, s := range judge.Read(c, evidence.StateStores) {
			switch {
			case s.Protected:
				c.Saw()
				protected++
			case s.ReplicaOf == "":
				c.FailWith(storeName(s), "set pulumi.Protect(true) on it", "is not protected: one wrong change of the program deletes it")
			}
		}
		c.Note("all %d are protected", protected)
	},
}

func storeName(s evidence.StateStore) string { return s.Type + " " + s.Name }
