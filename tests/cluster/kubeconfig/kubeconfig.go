// Package kubeconfig writes kubeconfig files that stand alone: certificates are in them, not beside.
package kubeconfig

import (
	"encoding/base64"
	"os"
	"strings"
	"text/template"

	"kubectl-live/lab/pki"
)

// Config is a kubeconfig with one context.
type Config struct {
	Context   string
	Cluster   string
	User      string
	Server    string
	Namespace string
	Authority []byte
	Client    pki.Pair
}

var layout = template.Must(template.New("kubeconfig").Funcs(template.FuncMap{
	"base64": base64.StdEncoding.EncodeToString,
}).Parse(strings.TrimLeft(`
apiVersion: v1
kind: Config
current-context: {{ printf "%q" .Context }}
clusters:
- name: {{ printf "%q" .Cluster }}
  cluster:
    server: {{ .Server }}
    certificate-authority-data: {{ base64 .Authority }}
users:
- name: {{ printf "%q" .User }}
  user:
    client-certificate-data: {{ base64 .Client.Cert }}
    client-key-data: {{ base64 .Client.Key }}
contexts:
- name: {{ printf "%q" .Context }}
  context:
    cluster: {{ printf "%q" .Cluster }}
    user: {{ printf "%q" .User }}
    namespace: {{ printf "%q" .Namespace }}
`, "\n")))

// String is the file's text.
func (c Config) String() string {
	var text strings.Builder
	if err := layout.Execute(&text, c); err != nil {
		panic(err) // the template is a constant and a Builder never fails
	}
	return text.String()
}

// Write makes the file, readable by its owner only.
func (c Config) Write(file string) error {
	return os.WriteFile(file, []byte(c.String()), 0o600)
}
