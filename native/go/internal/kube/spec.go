package kube

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"
)

// Spec says how to reach one API server: everything is data, nothing is a path or a command. Exec plugins and
// auth providers are resolved by the backend, which then sends the token.
type Spec struct {
	Server        string       `json:"server"`
	CAPem         string       `json:"caPem"`
	Insecure      bool         `json:"insecure"`
	TLSServerName string       `json:"tlsServerName"`
	Token         string       `json:"token"`
	CertPem       string       `json:"certPem"`
	KeyPem        string       `json:"keyPem"`
	Username      string       `json:"username"`
	Password      string       `json:"password"`
	ProxyURL      string       `json:"proxyUrl"`
	NoCompression bool         `json:"disableCompression"`
	Impersonate   *Impersonate `json:"impersonate"`
}

// Impersonate is the user to act as.
type Impersonate struct {
	User   string              `json:"user"`
	UID    string              `json:"uid"`
	Groups []string            `json:"groups"`
	Extra  map[string][]string `json:"extra"`
}

const (
	dialTimeout = 10 * time.Second
	tlsTimeout  = 10 * time.Second
	// The API server gives up on a request after 60 s itself; a little more tells its answer from silence.
	headerTimeout = 65 * time.Second
)

// transport makes the round tripper of one server: TLS, proxy, basic auth and impersonation; the token comes later.
// Its connections are its own, so that closing a client closes them and no other's.
func (s *Spec) transport() (http.RoundTripper, *http.Transport, error) {
	config := s.config()
	tlsConfig, err := rest.TLSConfigFor(config)
	if err != nil {
		// Not wrapped: what a PEM parser says of a key is none of a message's business.
		return nil, nil, errors.New("the CA, the client certificate or its key cannot be used")
	}
	base := &http.Transport{
		TLSClientConfig:       tlsConfig,
		DisableCompression:    s.NoCompression,
		TLSHandshakeTimeout:   tlsTimeout,
		ResponseHeaderTimeout: headerTimeout,
		DialContext:           (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
	}
	// Always explicit: the proxy is the backend's decision, not that of this process' environment.
	base.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	if s.ProxyURL != "" {
		proxy, err := url.Parse(s.ProxyURL)
		if err != nil || proxy.Host == "" {
			return nil, nil, errors.New("the proxy's URL cannot be parsed") // not wrapped: it may hold a password
		}
		base.Proxy = http.ProxyURL(proxy)
	}
	utilnet.SetTransportDefaults(base)
	wrapped, err := rest.HTTPWrappersForConfig(config, base)
	if err != nil {
		return nil, nil, errors.New("the credentials contradict each other (a token and a password?)")
	}
	return wrapped, base, nil
}

func (s *Spec) config() *rest.Config {
	config := &rest.Config{
		Host:     s.Server,
		Username: s.Username,
		Password: s.Password,
		TLSClientConfig: rest.TLSClientConfig{
			Insecure:   s.Insecure,
			ServerName: s.TLSServerName,
			CAData:     []byte(s.CAPem),
			CertData:   []byte(s.CertPem),
			KeyData:    []byte(s.KeyPem),
		},
		UserAgent: userAgent(),
	}
	if s.Impersonate != nil {
		config.Impersonate = rest.ImpersonationConfig{
			UserName: s.Impersonate.User,
			UID:      s.Impersonate.UID,
			Groups:   s.Impersonate.Groups,
			Extra:    s.Impersonate.Extra,
		}
	}
	return config
}
