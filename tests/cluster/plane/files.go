package plane

import (
	"embed"
	"fmt"
	"os"
	"strings"

	"kubectl-live/lab/kubeconfig"
	"kubectl-live/lab/pki"
	"kubectl-live/lab/state"
)

// KubeletClient is the subject under which the API server and metrics-server call kubelets, and
// the only one the simulated kubelet lets in.
const KubeletClient = "lab-kubelet-client"

// masters is the group the API server lets do everything.
const masters = "system:masters"

//go:embed kwok/*.yaml
var kwokFiles embed.FS

// WriteFiles makes the certificates, kubeconfigs and configuration files the components read.
func WriteFiles(dir state.Dir, name string, ports Ports) error {
	authority, err := writeCertificates(dir)
	if err != nil {
		return err
	}
	users := map[string]pki.Request{
		dir.Kubeconfig(): {CommonName: "admin", Organizations: []string{masters}},
		componentKubeconfig(dir, ControllerManager): {CommonName: "system:kube-controller-manager"},
		componentKubeconfig(dir, Scheduler):         {CommonName: "system:kube-scheduler"},
		componentKubeconfig(dir, Kwok):              {CommonName: "lab-kwok", Organizations: []string{masters}},
		componentKubeconfig(dir, MetricsServer):     {CommonName: "lab-metrics-server", Organizations: []string{masters}},
		SupervisorKubeconfig(dir):                   {CommonName: "lab-supervisor", Organizations: []string{masters}},
	}
	for file, user := range users {
		pair, err := authority.Issue(user)
		if err != nil {
			return err
		}
		config := kubeconfig.Config{
			Context: name, Cluster: name, User: user.CommonName, Server: ports.Server(),
			Namespace: "default", Authority: authority.Cert, Client: pair,
		}
		if err := config.Write(file); err != nil {
			return err
		}
	}
	return writeKwokConfig(dir.Path("config", "kwok.yaml"))
}

// SupervisorKubeconfig is what the supervisor and the load commands use, so that what they do
// is told apart from what the user does.
func SupervisorKubeconfig(dir state.Dir) string { return componentKubeconfig(dir, "supervisor") }

func writeCertificates(dir state.Dir) (*pki.Authority, error) {
	authority, err := pki.NewAuthority("lab-ca")
	if err != nil {
		return nil, err
	}
	frontProxy, err := pki.NewAuthority("lab-front-proxy-ca")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	keep := func(name string, pair pki.Pair) {
		files[name+".crt"], files[name+".key"] = pair.Cert, pair.Key
	}
	keep("ca", authority.Pair)
	keep("front-proxy-ca", frontProxy.Pair)
	issue := func(by *pki.Authority, name string, request pki.Request) error {
		pair, err := by.Issue(request)
		keep(name, pair)
		return err
	}
	local := []string{"127.0.0.1", "localhost"}
	for _, err := range []error{
		issue(authority, "apiserver", pki.Request{CommonName: "kube-apiserver", Hosts: append(local,
			"10.96.0.1", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")}),
		issue(authority, "server", pki.Request{CommonName: "lab-component", Hosts: append(local, "metrics-server.kube-system.svc")}),
		issue(authority, "kubelet-client", pki.Request{CommonName: KubeletClient, Organizations: []string{masters}}),
		issue(frontProxy, "front-proxy-client", pki.Request{CommonName: "front-proxy-client"}),
	} {
		if err != nil {
			return nil, err
		}
	}
	private, public, err := pki.NewKeyPair()
	if err != nil {
		return nil, err
	}
	files["sa.key"], files["sa.pub"] = private, public
	for name, content := range files {
		if err := os.WriteFile(dir.Path("pki", name), content, 0o600); err != nil {
			return nil, err
		}
	}
	return authority, nil
}

// writeKwokConfig joins the stages and metrics into the one file kwok takes.
func writeKwokConfig(file string) error {
	entries, err := kwokFiles.ReadDir("kwok")
	if err != nil {
		return err
	}
	var all strings.Builder
	for _, entry := range entries {
		content, err := kwokFiles.ReadFile("kwok/" + entry.Name())
		if err != nil {
			return err
		}
		fmt.Fprintf(&all, "---\n%s\n", content)
	}
	return os.WriteFile(file, []byte(all.String()), 0o600)
}
