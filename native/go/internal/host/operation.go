package host

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"kubectl-live.nvim/native/internal/kube"
)

// operation settles once; after that its progress is nobody's business any more.
type operation struct {
	host    *Host
	env, op uint64
	mu      sync.Mutex
	settled bool
}

type outcome struct {
	data []byte
	err  error
}

// run settles with the outcome of work, or as soon as the context ends, whether or not work noticed.
func (o *operation) run(ctx context.Context, method string, work func() ([]byte, error)) {
	done := make(chan outcome, 1)
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				done <- outcome{err: bug(method, cause)}
			}
		}()
		data, err := work()
		done <- outcome{data, err}
	}()
	select {
	case result := <-done:
		o.settle(method, result)
	case <-ctx.Done():
		o.settle(method, outcome{err: ctx.Err()})
	}
}

func (o *operation) settle(method string, result outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.settled = true
	switch {
	case result.err == nil:
		o.host.emit(o.env, o.op, Result, result.data)
	case errors.Is(result.err, context.Canceled):
		o.host.emit(o.env, o.op, Error, encodeError(&kube.Failure{Code: kube.CodeCancelled, Message: method + " was cancelled"}))
	default:
		o.host.emit(o.env, o.op, Error, encodeError(result.err))
	}
}

func (o *operation) progress(what any) {
	data, err := json.Marshal(what)
	if err != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.settled {
		o.host.emit(o.env, o.op, Progress, data)
	}
}
