// Package host runs operations for its callers: one goroutine each, cancellable, with progress, and exactly one
// outcome. It knows nothing of how requests come in and outcomes go out.
package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"kubectl-live.nvim/native/internal/kube"
)

// Kind tells what an emitted message is. The numbers are the wire's: addon.cc and src/native/channel.ts have them too.
type Kind uint32

const (
	Progress Kind = 1 // JSON
	Result   Kind = 2 // text, or JSON where the method gives more than a text
	Error    Kind = 3 // JSON of kube.Failure
)

// Emit hands a message to the caller. It may be called from any goroutine and must not block.
type Emit func(env, op uint64, kind Kind, data []byte)

// Request is one operation. Op 0 is for requests nobody waits for (open, token, close).
type Request struct {
	Method string          `json:"method"`
	Client uint32          `json:"client"`
	Params json.RawMessage `json:"params"`
}

// Host keeps what belongs to each env, that is to each thread of the backend that uses it.
type Host struct {
	emit Emit
	mu   sync.Mutex
	envs map[uint64]*env
}

type env struct {
	ctx     context.Context
	end     context.CancelFunc
	clients map[uint32]*client
	ops     map[uint64]context.CancelFunc
}

type client struct {
	*kube.Client
	ctx context.Context
	end context.CancelFunc
}

// New makes a host.
func New(emit Emit) *Host { return &Host{emit: emit, envs: map[uint64]*env{}} }

// Submit starts an operation and returns at once. Requests about a client take effect in the order they come.
func (h *Host) Submit(envID, op uint64, data []byte) {
	defer h.guard(envID, op, "a request")
	var request Request
	if err := json.Unmarshal(data, &request); err != nil {
		h.refuse(envID, op, &kube.Failure{Code: kube.CodeInvalid, Message: "the request is not the JSON expected"})
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.env(envID)
	switch request.Method {
	case "open":
		h.refuse(envID, op, e.open(request))
	case "token":
		h.refuse(envID, op, e.token(request))
	case "close":
		e.close(request.Client)
	default:
		h.refuse(envID, op, h.start(e, envID, op, request))
	}
}

// Cancel ends an operation; its outcome is an error with the code "cancelled".
func (h *Host) Cancel(envID, op uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e := h.envs[envID]; e != nil && e.ops[op] != nil {
		e.ops[op]()
	}
}

// CloseEnv ends all that belongs to an env. Nothing more is emitted for it.
func (h *Host) CloseEnv(envID uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.envs[envID]
	if e == nil {
		return
	}
	delete(h.envs, envID)
	e.end()
	for id := range e.clients {
		e.close(id)
	}
}

func (h *Host) env(id uint64) *env {
	e := h.envs[id]
	if e == nil {
		ctx, end := context.WithCancel(context.Background())
		e = &env{ctx: ctx, end: end, clients: map[uint32]*client{}, ops: map[uint64]context.CancelFunc{}}
		h.envs[id] = e
	}
	return e
}

func (e *env) open(request Request) error {
	var spec kube.Spec
	if err := json.Unmarshal(request.Params, &spec); err != nil {
		return &kube.Failure{Code: kube.CodeInvalid, Message: "the client's spec is not the JSON expected"}
	}
	ctx, end := context.WithCancel(e.ctx)
	e.clients[request.Client] = &client{Client: kube.NewClient(spec), ctx: ctx, end: end}
	return nil
}

func (e *env) token(request Request) error {
	var token string
	if err := json.Unmarshal(request.Params, &token); err != nil {
		return &kube.Failure{Code: kube.CodeInvalid, Message: "the token is not the JSON expected"}
	}
	if c := e.clients[request.Client]; c != nil {
		c.SetToken(token)
	}
	return nil
}

func (e *env) close(id uint32) {
	if c := e.clients[id]; c != nil {
		delete(e.clients, id)
		c.end()
		go c.Close() // may build what it closes; nobody waits for that
	}
}

func (h *Host) start(e *env, envID, op uint64, request Request) error {
	run := methods[request.Method]
	if run == nil {
		return &kube.Failure{Code: kube.CodeUnsupported, Message: fmt.Sprintf("there is no method %q", request.Method)}
	}
	c := e.clients[request.Client]
	if c == nil {
		if request.Method != "version" {
			return &kube.Failure{Code: kube.CodeCancelled, Message: request.Method + ": the client was closed"}
		}
		c = &client{ctx: e.ctx}
	}
	ctx, cancel := context.WithCancel(c.ctx)
	e.ops[op] = cancel
	o := &operation{host: h, env: envID, op: op}
	go func() {
		defer h.finished(envID, op, cancel)
		o.run(ctx, request.Method, func() ([]byte, error) { return run(ctx, c.Client, request.Params, o.progress) })
	}()
	return nil
}

func (h *Host) finished(envID, op uint64, cancel context.CancelFunc) {
	cancel()
	h.mu.Lock()
	defer h.mu.Unlock()
	if e := h.envs[envID]; e != nil {
		delete(e.ops, op)
	}
}

// refuse answers a request that never became an operation.
func (h *Host) refuse(envID, op uint64, err error) {
	if err != nil && op != 0 {
		h.emit(envID, op, Error, encodeError(err))
	}
}

func (h *Host) guard(envID, op uint64, what string) {
	if cause := recover(); cause != nil {
		h.refuse(envID, op, bug(what, cause))
	}
}

func bug(what string, cause any) error {
	return &kube.Failure{Code: kube.CodeInternal, Message: fmt.Sprintf("a bug in %s: %v", what, cause)}
}

func encodeError(err error) []byte {
	var failure *kube.Failure
	if !errors.As(err, &failure) {
		failure = &kube.Failure{Code: kube.CodeInternal, Message: err.Error()}
	}
	data, err := json.Marshal(failure)
	if err != nil {
		return []byte(`{"code":"internal","message":"an error that cannot be told"}`)
	}
	return data
}
