// Package ports finds free loopback ports.
package ports

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// The range lies below the ports Linux gives to outgoing connections (32768 and up): one of those
// could take a port between our finding it free and a component listening on it.
const (
	lowest  = 20000
	highest = 32000
)

// Free returns n different loopback ports nobody listens on. It holds all of them until the last
// is found, so two labs that start at once are unlikely to be given the same one.
func Free(n int) ([]int, error) {
	found := make([]int, 0, n)
	for attempt := 0; len(found) < n; attempt++ {
		if attempt > 1000 {
			return nil, fmt.Errorf("found only %d of %d free ports between %d and %d", len(found), n, lowest, highest)
		}
		port := lowest + rand.IntN(highest-lowest)
		listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		defer listener.Close()
		found = append(found, port)
	}
	return found, nil
}
