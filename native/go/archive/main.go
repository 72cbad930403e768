// Command archive is the C library inside the Node addon. native/addon.cc calls it from one thread of its own, never
// from Node's.
package main

/*
#include <stdint.h>
#include <stdlib.h>

// A pointer and not a symbol: an undefined C symbol breaks cgo's trial link.
typedef void (*kube_emit)(uint64_t env, uint64_t op, uint32_t kind, const char *data, size_t size);

static void kube_call_emit(void *emit, uint64_t env, uint64_t op, uint32_t kind, const char *data, size_t size) {
	((kube_emit)emit)(env, op, kind, data, size);
}
*/
import "C"

import (
	"unsafe"

	"kubectl-live.nvim/native/internal/host"
	"kubectl-live.nvim/native/internal/kube"
)

var running *host.Host

func main() {}

// KubeInit comes first and once. emit copies what it is given before it returns.
//
//export KubeInit
func KubeInit(emit unsafe.Pointer) {
	defer contain()
	kube.Silence()
	running = host.New(func(env, op uint64, kind host.Kind, data []byte) {
		start := (*C.char)(unsafe.Pointer(unsafe.SliceData(data)))
		C.kube_call_emit(emit, C.uint64_t(env), C.uint64_t(op), C.uint32_t(kind), start, C.size_t(len(data)))
	})
}

// KubeSubmit copies the request before it returns; the caller keeps its memory.
//
//export KubeSubmit
func KubeSubmit(env, op C.uint64_t, request *C.char, size C.size_t) {
	defer contain()
	running.Submit(uint64(env), uint64(op), C.GoBytes(unsafe.Pointer(request), C.int(size)))
}

//export KubeCancel
func KubeCancel(env, op C.uint64_t) {
	defer contain()
	running.Cancel(uint64(env), uint64(op))
}

//export KubeCloseEnv
func KubeCloseEnv(env C.uint64_t) {
	defer contain()
	running.CloseEnv(uint64(env))
}

// contain keeps a panic from crossing into C, which would end Node. The host answers its own panics; what arrives
// here has nobody to tell.
func contain() { _ = recover() }
