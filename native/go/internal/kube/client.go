package kube

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// Client is one API server as one user. It keeps the connections and what was discovered; making one is free, its
// transport is built by the first call.
type Client struct {
	spec  Spec
	token atomic.Pointer[string]
	built func() (*plumbing, error)
}

type plumbing struct {
	transport  http.RoundTripper
	base       *http.Transport
	discovery  discovery.CachedDiscoveryInterface
	restMapper meta.RESTMapper
}

// Discovery is shared by calls and so cannot die with one of them; it must not outlive its use by much either.
const discoveryTimeout = 30 * time.Second

// NewClient never fails: a wrong spec shows in the first call, as its error.
func NewClient(spec Spec) *Client {
	c := &Client{spec: spec}
	c.SetToken(spec.Token)
	c.built = sync.OnceValues(c.build)
	return c
}

// SetToken takes effect with the next request, also within calls under way.
func (c *Client) SetToken(token string) { c.token.Store(&token) }

// Close lets the idle connections go. Calls under way are ended by their contexts.
func (c *Client) Close() {
	if p, err := c.built(); err == nil {
		p.base.CloseIdleConnections()
	}
}

func (c *Client) build() (*plumbing, error) {
	transport, base, err := c.spec.transport()
	if err != nil {
		return nil, fail(CodeInvalid, "cannot make a client for %s: %v", c.spec.Server, err)
	}
	p := &plumbing{transport: transport, base: base}
	config := c.restConfig(&callTransport{client: c, next: transport, ctx: context.Background()})
	config.Timeout = discoveryTimeout
	disco, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fail(CodeInvalid, "cannot make a client for %s: %v", c.spec.Server, err)
	}
	p.discovery = memory.NewMemCacheClient(disco)
	p.restMapper = restmapper.NewDeferredDiscoveryRESTMapper(p.discovery)
	return p, nil
}

func (c *Client) restConfig(transport http.RoundTripper) *rest.Config {
	return &rest.Config{
		Host:           c.spec.Server,
		Transport:      transport,
		UserAgent:      userAgent(),
		QPS:            -1, // a person is waiting; the server has its own flow control
		WarningHandler: rest.NoWarnings{},
	}
}

// call is one operation: a client bound to a context, remembering what went wrong on the wire.
type call struct {
	ctx     context.Context
	client  *Client
	config  *rest.Config
	trouble *trouble
	*plumbing
}

func (c *Client) begin(ctx context.Context) (*call, error) {
	p, err := c.built()
	if err != nil {
		return nil, err
	}
	trouble := &trouble{}
	config := c.restConfig(&callTransport{client: c, next: p.transport, ctx: ctx, trouble: trouble})
	return &call{ctx: ctx, client: c, config: config, trouble: trouble, plumbing: p}, nil
}

func (c *call) clientset() (*kubernetes.Clientset, error) { return kubernetes.NewForConfig(c.config) }
