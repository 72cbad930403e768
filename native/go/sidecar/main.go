// Command sidecar is the same as the archive for platforms that cannot load it: a process that speaks frames.
//
// stdin:  u32 size | u64 op | request JSON; an empty request cancels the op.
// stdout: u32 size | u64 op | u8 kind | data.
// All numbers are little-endian; size counts what follows it. It ends when its stdin does, so it never outlives the
// backend.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"kubectl-live.nvim/native/internal/host"
	"kubectl-live.nvim/native/internal/kube"
)

const (
	opSize     = 8
	maxRequest = 16 << 20
)

func main() {
	// The terminal's ^C and hang-up are for the editor; the end of stdin is the only word that counts here.
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP)
	kube.Silence()
	output := &frames{out: os.Stdout}
	if err := serve(os.Stdin, host.New(output.emit)); err != nil && !errors.Is(err, io.EOF) {
		os.Exit(1)
	}
}

func serve(input io.Reader, running *host.Host) error {
	reader := bufio.NewReader(input)
	header := make([]byte, 4+opSize)
	for {
		if _, err := io.ReadFull(reader, header); err != nil {
			return err
		}
		size := int(binary.LittleEndian.Uint32(header)) - opSize
		if size < 0 || size > maxRequest {
			return errors.New("not a frame")
		}
		op := binary.LittleEndian.Uint64(header[4:])
		request := make([]byte, size)
		if _, err := io.ReadFull(reader, request); err != nil {
			return err
		}
		if size == 0 {
			running.Cancel(0, op)
		} else {
			running.Submit(0, op, request)
		}
	}
}

type frames struct {
	mu  sync.Mutex
	out io.Writer
}

func (f *frames) emit(_, op uint64, kind host.Kind, data []byte) {
	frame := make([]byte, 0, 4+opSize+1+len(data))
	frame = binary.LittleEndian.AppendUint32(frame, uint32(opSize+1+len(data)))
	frame = binary.LittleEndian.AppendUint64(frame, op)
	frame = append(frame, byte(kind))
	frame = append(frame, data...)
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.out.Write(frame); err != nil {
		os.Exit(1) // nobody reads any more
	}
}
