package externalsecret_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/externalsecret"
	"gatehouse/components/release/releasetest"
)

const (
	releaseType = "kubernetes:helm.sh/v3:Release"
	storeType   = "kubernetes:external-secrets.io/v1:ClusterSecretStore"
	secretType  = "kubernetes:external-secrets.io/v1:ExternalSecret"
)

func labels() map[string]string { return map[string]string{"gatehouse/owner": "platform"} }

func manager() externalsecret.Backend {
	return externalsecret.SecretsManager{Region: "us-west-2", Prefix: "gatehouse-test"}
}

func vault() externalsecret.Backend {
	return externalsecret.Vault{
		Address: "https://vault.example.com:8200", Path: "secret", MountPath: "kubernetes", Role: "external-secrets", Prefix: "gatehouse-test",
	}
}

func run(t *testing.T, backend externalsecret.Backend) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		operator, err := externalsecret.NewOperator(ctx, "o", externalsecret.OperatorArgs{
			Namespace: pulumi.String("external-secrets"), Labels: labels(), RoleARN: pulumi.String("arn:role"),
		})
		if err != nil {
			return err
		}
		store, err := externalsecret.NewStore(ctx, "s", externalsecret.StoreArgs{
			Name: "gatehouse", OperatorNamespace: pulumi.String("external-secrets"), Labels: labels(), Backend: backend,
			Namespaces: []string{"backstage"},
		}, pulumi.DependsOn([]pulumi.Resource{operator.Controller}))
		if err != nil {
			return err
		}
		_, err = externalsecret.New(ctx, "e", secret(backend), pulumi.DependsOn([]pulumi.Resource{store}))
		return err
	})
}

func secret(backend externalsecret.Backend) externalsecret.Args {
	return externalsecret.Args{
		Name: "keeper", Namespace: pulumi.String("backstage"), Labels: labels(), Store: "gatehouse", Backend: backend,
		Entries: []externalsecret.Entry{
			{Key: "SESSION", From: "session-key"},
			{Key: "CLIENT", From: "github-oauth", Property: "clientId"},
			{Key: "MASTER", ARN: pulumi.String("arn:master"), Store: "gatehouse-rds", Property: "password"},
		},
		Template: map[string]string{"file": "{{ .SESSION }}"},
	}
}

func TestSecretReadsTheBackend(t *testing.T) {
	master := map[string]any{
		"secretKey": "MASTER", "remoteRef": map[string]any{"key": "arn:master", "property": "password"},
		"sourceRef": map[string]any{"storeRef": map[string]any{"name": "gatehouse-rds", "kind": "ClusterSecretStore"}},
	}
	entry := func(key string, remote map[string]any) map[string]any {
		return map[string]any{"secretKey": key, "remoteRef": remote}
	}
	for name, c := range map[string]struct {
		backend externalsecret.Backend
		data    []any
	}{
		"Secrets Manager": {manager(), []any{
			entry("SESSION", map[string]any{"key": "gatehouse-test/session-key"}),
			entry("CLIENT", map[string]any{"key": "gatehouse-test/github-oauth", "property": "clientId"}), master,
		}},
		"Vault": {vault(), []any{
			entry("SESSION", map[string]any{"key": "gatehouse-test/session-key", "property": "value"}),
			entry("CLIENT", map[string]any{"key": "gatehouse-test/github-oauth", "property": "clientId"}), master,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			made := run(t, c.backend).One(t, secretType)
			require.Equal(t, c.data, made.Input("spec.data"))
			require.Equal(t, "1h", made.Input("spec.refreshInterval"))
			require.Equal(t, "Retain", made.Input("spec.target.deletionPolicy"))
			require.Equal(t, "keeper", made.Input("spec.target.name"))
			require.Equal(t, "platform", made.Input(`spec.target.template.metadata.labels["gatehouse/owner"]`))
			require.Equal(t, map[string]any{"file": "{{ .SESSION }}"}, made.Input("spec.target.template.data"))
		})
	}
}

func TestStoreIsReadByTheOperatorsAccount(t *testing.T) {
	account := map[string]any{"name": "external-secrets", "namespace": "external-secrets"}
	seen := run(t, manager())
	store := seen.One(t, storeType)
	require.Equal(t, map[string]any{"aws": map[string]any{
		"service": "SecretsManager", "region": "us-west-2", "auth": map[string]any{"jwt": map[string]any{"serviceAccountRef": account}},
	}}, store.Input("spec.provider"))
	require.Equal(t, []any{map[string]any{"namespaces": []any{"backstage"}}}, store.Input("spec.conditions"))
	require.Contains(t, strings.Join(store.Dependencies, " ")+" ", releaseType+"::o ")

	require.Equal(t, map[string]any{"vault": map[string]any{
		"server": "https://vault.example.com:8200", "path": "secret", "version": "v2",
		"auth": map[string]any{"kubernetes": map[string]any{
			"mountPath": "kubernetes", "role": "external-secrets", "serviceAccountRef": account,
		}},
	}}, run(t, vault()).One(t, storeType).Input("spec.provider"))
}

func TestSecretsThatContradictThemselvesAreRefused(t *testing.T) {
	for says, entries := range map[string][]externalsecret.Entry{
		"no entries":        nil,
		"A is there twice":  {{Key: "A", From: "a"}, {Key: "A", From: "b"}},
		"key A: say From":   {{Key: "A"}},
		"key B: say From":   {{Key: "B", From: "b", ARN: pulumi.String("arn"), Store: "s"}},
		"key C: say From, ": {{Key: "C", ARN: pulumi.String("arn")}},
	} {
		_, err := componenttest.Try(func(ctx *pulumi.Context) error {
			args := secret(manager())
			args.Entries = entries
			_, err := externalsecret.New(ctx, "e", args)
			return err
		})
		require.ErrorContains(t, err, says)
	}
}

func TestOperatorChart(t *testing.T) {
	objects := releasetest.Render(t, run(t, manager()).Named(t, releaseType, "o"))
	pods := releasetest.Pods(t, objects)
	releasetest.RequireOwnedAndBounded(t, pods)
	require.Equal(t, "external-secrets", pods["external-secrets"].Spec.ServiceAccountName)
	require.EqualValues(t, 8080, releasetest.Ports(pods["external-secrets"])["metrics"])
	require.EqualValues(t, 10250, releasetest.Ports(pods["external-secrets-webhook"])["webhook"])
	for name, pod := range pods {
		require.Equal(t, "external-secrets", pod.Labels["app.kubernetes.io/instance"], name)
	}
	account := releasetest.Find(t, objects, "ServiceAccount", "external-secrets")
	require.Equal(t, "arn:role", account.GetAnnotations()["eks.amazonaws.com/role-arn"])
}

func TestReloaderRollsPodsOfChangedSecretsOnly(t *testing.T) {
	values := run(t, manager()).Named(t, releaseType, "o-reloader")
	require.Equal(t, true, values.Input("values.reloader.ignoreConfigMaps"))
	require.Equal(t, "annotations", values.Input("values.reloader.reloadStrategy"))
	require.Equal(t, "reloader", values.Input("values.fullnameOverride"), "its label app")
	require.Equal(t, []any{"ALL"}, values.Input("values.reloader.deployment.containerSecurityContext.capabilities.drop"))
}

func TestServerAcceptsAll(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	seen := run(t, manager())
	objects := append(releasetest.Objects(t, seen), releasetest.Objects(t, run(t, vault()))...)
	releasetest.DryRun(t, append(releasetest.Render(t, seen.Named(t, releaseType, "o")), objects...))
}
