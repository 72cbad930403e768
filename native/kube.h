// What native/go/archive exports. Written by hand, so that nothing here waits for cgo's generated header.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Called by Go's threads. The data is only valid during the call.
typedef void (*kube_emit)(uint64_t env, uint64_t op, uint32_t kind, const char *data, size_t size);

void KubeInit(void *emit);
void KubeSubmit(uint64_t env, uint64_t op, char *request, size_t size);
void KubeCancel(uint64_t env, uint64_t op);
void KubeCloseEnv(uint64_t env);
}
