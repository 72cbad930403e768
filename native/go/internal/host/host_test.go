package host

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"kubectl-live.nvim/native/internal/kube"
)

type message struct {
	env, op uint64
	kind    Kind
	data    string
}

// inbox is the caller's side of a host.
type inbox struct {
	messages chan message
	host     *Host
}

func newInbox() *inbox {
	in := &inbox{messages: make(chan message, 1000)}
	in.host = New(func(env, op uint64, kind Kind, data []byte) {
		in.messages <- message{env, op, kind, string(data)}
	})
	return in
}

func (in *inbox) next(t *testing.T) message {
	t.Helper()
	select {
	case m := <-in.messages:
		return m
	case <-time.After(10 * time.Second):
		t.Fatal("no message came")
		return message{}
	}
}

func (in *inbox) submit(op uint64, method string) {
	request, _ := json.Marshal(map[string]any{"method": method, "client": 1, "params": map[string]string{}})
	in.host.Submit(7, op, request)
}

func (in *inbox) open() { in.submit(0, "open") }

// with replaces a method for one test.
func with(t *testing.T, name string, do func(ctx context.Context, progress func(any)) ([]byte, error)) {
	t.Helper()
	before, had := methods[name]
	methods[name] = func(ctx context.Context, _ *kube.Client, _ json.RawMessage, progress func(any)) ([]byte, error) {
		return do(ctx, progress)
	}
	t.Cleanup(func() {
		delete(methods, name)
		if had {
			methods[name] = before
		}
	})
}

func failure(t *testing.T, m message) kube.Failure {
	t.Helper()
	if m.kind != Error {
		t.Fatalf("got kind %d (%s), want an error", m.kind, m.data)
	}
	var f kube.Failure
	if err := json.Unmarshal([]byte(m.data), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestProgressComesBeforeTheResult(t *testing.T) {
	in := newInbox()
	in.open()
	with(t, "work", func(_ context.Context, progress func(any)) ([]byte, error) {
		progress("half")
		return []byte("whole"), nil
	})
	in.submit(3, "work")
	if m := in.next(t); m != (message{7, 3, Progress, `"half"`}) {
		t.Fatalf("first came %+v", m)
	}
	if m := in.next(t); m != (message{7, 3, Result, "whole"}) {
		t.Fatalf("then came %+v", m)
	}
}

func TestPanicIsAnErrorOfThatOperationAlone(t *testing.T) {
	in := newInbox()
	in.open()
	with(t, "panic", func(context.Context, func(any)) ([]byte, error) { panic("boom") })
	with(t, "work", func(context.Context, func(any)) ([]byte, error) { return []byte("fine"), nil })
	in.submit(1, "panic")
	f := failure(t, in.next(t))
	if f.Code != kube.CodeInternal || !strings.Contains(f.Message, "boom") || !strings.Contains(f.Message, "panic") {
		t.Fatalf("got %+v", f)
	}
	in.submit(2, "work")
	if m := in.next(t); m.data != "fine" {
		t.Fatalf("got %+v", m)
	}
}

func TestCancelSettlesAtOnceAndLateProgressIsDropped(t *testing.T) {
	in := newInbox()
	in.open()
	release, reported := make(chan struct{}), make(chan struct{})
	with(t, "deaf", func(_ context.Context, progress func(any)) ([]byte, error) {
		<-release
		progress("too late")
		close(reported)
		return []byte("too late"), nil
	})
	in.submit(1, "deaf")
	in.host.Cancel(7, 1)
	if f := failure(t, in.next(t)); f.Code != kube.CodeCancelled {
		t.Fatalf("got %+v", f)
	}
	close(release)
	<-reported
	if len(in.messages) != 0 {
		t.Fatalf("something came after the outcome: %+v", <-in.messages)
	}
}

func TestCancelOfAnUnknownOperationIsNothing(t *testing.T) {
	in := newInbox()
	in.host.Cancel(7, 1)
	in.open()
	in.host.Cancel(7, 1)
	in.host.CloseEnv(9)
}

func TestClosingAClientEndsItsOperations(t *testing.T) {
	in := newInbox()
	in.open()
	with(t, "wait", func(ctx context.Context, _ func(any)) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	in.submit(1, "wait")
	in.submit(0, "close")
	if f := failure(t, in.next(t)); f.Code != kube.CodeCancelled {
		t.Fatalf("got %+v", f)
	}
	in.submit(2, "wait")
	if f := failure(t, in.next(t)); f.Code != kube.CodeCancelled || !strings.Contains(f.Message, "closed") {
		t.Fatalf("got %+v", f)
	}
}

func TestClosingAnEnvLeavesOtherEnvsAlone(t *testing.T) {
	in := newInbox()
	in.open()
	ended := make(chan struct{})
	with(t, "wait", func(ctx context.Context, _ func(any)) ([]byte, error) {
		<-ctx.Done()
		close(ended)
		return nil, ctx.Err()
	})
	in.submit(1, "wait")
	in.host.CloseEnv(8)
	select {
	case <-ended:
		t.Fatal("closing env 8 ended an operation of env 7")
	default:
	}
	in.host.CloseEnv(7)
	<-ended
}

func TestRequestsThatMakeNoSenseAreAnswered(t *testing.T) {
	in := newInbox()
	in.host.Submit(7, 1, []byte("{"))
	if f := failure(t, in.next(t)); f.Code != kube.CodeInvalid {
		t.Fatalf("got %+v", f)
	}
	in.open()
	in.submit(2, "dance")
	if f := failure(t, in.next(t)); f.Code != kube.CodeUnsupported {
		t.Fatalf("got %+v", f)
	}
	in.host.Submit(7, 3, []byte(`{"method":"describe","client":1,"params":"text"}`))
	if f := failure(t, in.next(t)); f.Code != kube.CodeInvalid {
		t.Fatalf("got %+v", f)
	}
}

func TestManyAtOnceEachGetOneOutcome(t *testing.T) {
	in := newInbox()
	in.open()
	with(t, "work", func(context.Context, func(any)) ([]byte, error) { return []byte("done"), nil })
	var submitting sync.WaitGroup
	for op := uint64(1); op <= 200; op++ {
		submitting.Go(func() { in.submit(op, "work") })
	}
	submitting.Wait()
	seen := map[uint64]bool{}
	for range 200 {
		m := in.next(t)
		if seen[m.op] {
			t.Fatalf("op %d had two outcomes", m.op)
		}
		seen[m.op] = true
	}
}
