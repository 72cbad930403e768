package kube

import (
	"context"
	"errors"
	"net/http"
	"sync"

	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// callTransport is how a call's context reaches kubectl's describers, which ask with context.TODO(), and how its
// token does, which may change while the call runs.
type callTransport struct {
	client  *Client
	next    http.RoundTripper
	ctx     context.Context
	trouble *trouble
}

// trouble is the last failure seen on the wire. kubectl's history and rollback print their errors into new ones
// (%v), after which nobody can tell a 403 from a 404: this can.
type trouble struct {
	mu     sync.Mutex
	status int
	err    error
}

func (t *trouble) note(status int, err error) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status, t.err = status, err
}

func (t *trouble) last() (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.status, t.err
}

// opaque hides what an error is from client-go, which would repeat the request ten times at 1 s, deaf to our context.
type opaque struct{ message string }

func (o opaque) Error() string { return o.message }

func (t *callTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	if err := t.ctx.Err(); err != nil {
		return nil, err
	}
	request = request.Clone(t.merge(request.Context()))
	if token := *t.client.token.Load(); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := t.next.RoundTrip(request)
	if err != nil && request.Method == http.MethodGet && wasReset(err) && request.Context().Err() == nil {
		response, err = t.next.RoundTrip(request) // an idle connection the server had closed: once more, on a new one
	}
	if err != nil {
		t.trouble.note(0, err)
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return nil, err
		}
		return nil, opaque{err.Error()}
	}
	if response.StatusCode >= http.StatusBadRequest {
		t.trouble.note(response.StatusCode, nil)
	}
	// client-go sleeps as long as this says, deaf to our context.
	response.Header.Del("Retry-After")
	return response, nil
}

// merge ends a request with its call. The hook goes away with the call's context, which every call cancels at its end.
func (t *callTransport) merge(requested context.Context) context.Context {
	if requested.Done() == nil {
		return t.ctx
	}
	merged, cancel := context.WithCancel(requested)
	context.AfterFunc(t.ctx, cancel)
	return merged
}

func wasReset(err error) bool {
	return utilnet.IsConnectionReset(err) || utilnet.IsProbableEOF(err) || utilnet.IsHTTP2ConnectionLost(err)
}
