package component_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/component"
)

type toolbox struct {
	Common
	Owner  pulumi.StringInput `json:"owner,omitempty"`
	Tools  []tool             `json:"tools"`
	Lock   *bool              `json:"lock,omitempty"`
	Extra  map[string]any     `json:"extra,omitempty"`
	Weight float64            `json:"weight"`
	Secret string             `json:"-"`
	hidden string
}

type Common struct {
	Name string `json:"name"`
}

type tool struct {
	Size int `json:"size,omitempty"`
}

func TestInputsFollowTheTags(t *testing.T) {
	lock := false
	owner := pulumi.String("ada").ToStringOutput()
	made := component.Inputs(toolbox{
		Common: Common{Name: "red"}, Owner: owner, Tools: []tool{{Size: 3}, {}}, Lock: &lock,
		Extra: map[string]any{"wheels": 2, "lid": nil}, Weight: 1.5, Secret: "no", hidden: "no",
	})
	require.Equal(t, pulumi.Map{
		"name": pulumi.String("red"), "owner": owner,
		"tools": pulumi.Array{pulumi.Map{"size": pulumi.Int(3)}, pulumi.Map{}},
		"lock":  pulumi.Bool(false), "extra": pulumi.Map{"wheels": pulumi.Int(2)}, "weight": pulumi.Float64(1.5),
	}, made)
}

func TestInputsLeaveOutWhatIsEmpty(t *testing.T) {
	require.Equal(t, pulumi.Map{
		"name": pulumi.String(""), "tools": pulumi.Array{}, "weight": pulumi.Float64(0),
	}, component.Inputs(toolbox{}))
}

func TestInputsRefuseWhatJSONHasNot(t *testing.T) {
	require.Panics(t, func() { component.Inputs(map[string]any{"way": make(chan int)}) })
	require.Panics(t, func() { component.Inputs("just text") })
}
