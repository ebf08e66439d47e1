package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
	"gatehouse/stacks/config"
)

// readGenerations reads which generation each Deployment of the portal names, by the
// Deployment.
func readGenerations(cmd *cobra.Command, connection *rest.Config) (map[string]string, error) {
	client, err := kubernetes.NewForConfig(connection)
	if err != nil {
		return nil, fmt.Errorf("prepare the cluster's client: %w", err)
	}
	list, err := client.AppsV1().Deployments(portalNamespace).List(cmd.Context(), metav1.ListOptions{LabelSelector: "app=" + install.App})
	if err != nil {
		return nil, fmt.Errorf("read which generation the portal has: %w", err)
	}
	named := map[string]string{}
	for _, d := range list.Items {
		named[d.Name] = d.Spec.Template.Annotations[install.Annotation]
	}
	return named, nil
}

// differences are why the portal is not proved to have what configuration wants, in
// sentences; none is good. Where configuration does not manage plugins it wants
// nothing, and only what was begun counts.
func differences(found status.Status, wanted config.Plugins, annotated map[string]string) []string {
	switch {
	case found.Phase == "" && wanted.Managed():
		return []string{"nothing was ever installed: run up"}
	case found.Phase == "":
		return nil
	case found.Check.Problem != "":
		return []string{"the nightly look has found that the portal is not as it was proved: see above"}
	case !found.Proved():
		return []string{fmt.Sprintf("generation %s is %s, and not proved: look at the portal's pods, and run up", found.Generation, found.Phase)}
	case wanted.Managed() && len(annotated) == 0:
		return []string{"the portal has no Deployment: run gatehouse refresh, and up"}
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(annotated)) {
		if has := annotated[name]; has != found.Generation {
			all = append(all, fmt.Sprintf("Deployment %s was changed by hand: it names generation %q, and %q was proved: undo that (kubectl rollout undo)", name, has, found.Generation))
		}
	}
	if wanted.Managed() {
		all = append(all, unlike(found, wanted)...)
	}
	return all
}

// unlike says which plugins of the configuration are not those that were proved.
func unlike(found status.Status, wanted config.Plugins) []string {
	set, err := goodSet(found)
	switch {
	case err != nil:
		return []string{err.Error()}
	case set.generation != found.Generation:
		return []string{fmt.Sprintf("the portal went back to generation %s, and the plugins that were proved last are those of %s: run up", found.Generation, set.generation)}
	}
	var all []string
	left := maps.Clone(set.packages)
	for _, want := range wanted.Packages {
		has, there := left[string(want.Name)]
		delete(left, string(want.Name))
		switch {
		case !there:
			all = append(all, fmt.Sprintf("%s is in the configuration, and the portal does not have it: run up", want.Ref()))
		case has.Version != want.Version:
			all = append(all, fmt.Sprintf("%s is in the configuration, and the portal has %s: run up", want.Ref(), has.Version))
		case has.Integrity != want.Integrity || wanted.StrategyOf(has) != wanted.StrategyOf(want) || !sameFragment(has, want):
			all = append(all, fmt.Sprintf("%s is in the configuration in another way than the portal has it: run up", want.Ref()))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		all = append(all, fmt.Sprintf("the portal has %s, which is not in the configuration: run up takes it out", left[name].Ref()))
	}
	return all
}

// sameFragment compares app-config. Where the status took out what looks like a
// secret, nobody can tell, and it counts as the same.
func sameFragment(has, want config.Package) bool {
	one, err := has.AppConfigYAML()
	if err != nil {
		return false
	}
	other, err := want.AppConfigYAML()
	return err == nil && (one == other || strings.Contains(one, "[redacted"))
}
