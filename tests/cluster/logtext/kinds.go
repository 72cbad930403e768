package logtext

import (
	"fmt"
	"strings"
	"time"
)

// line is one line to be written.
type line struct {
	number int
	at     time.Time
	hash   uint64
}

// pick chooses by some of the hash's bits; salt makes choices of one line independent.
func pick[T any](l line, salt uint64, from []T) T {
	return from[mix(l.hash, salt)%uint64(len(from))]
}

func (l line) number64(salt, limit uint64) uint64 { return mix(l.hash, salt) % limit }

var (
	paths    = []string{"/", "/api/cart", "/api/orders", "/api/orders/%d", "/healthz", "/static/app.js", "/login", "/api/products?page=%d"}
	agents   = []string{"Mozilla/5.0", "curl/8.7.1", "kube-probe/1.36", "okhttp/4.12", "Go-http-client/2.0"}
	statuses = []int{200, 200, 200, 200, 200, 200, 204, 301, 304, 404, 500, 503}
	levels   = []string{"info", "info", "info", "info", "info", "debug", "debug", "warn", "error"}
	messages = []string{
		"request handled", "cache miss", "cache hit", "order accepted", "payment authorised", "retrying upstream",
		"connection reset by peer", "queue drained", "configuration reloaded", "lease renewed", "slow query",
		"token expired", "leader elected", "batch written", "höhere Latenz als üblich", "再試行します",
	}
)

var kinds = map[string]func(line) string{
	"access": func(l line) string {
		path := pick(l, 1, paths)
		if strings.Contains(path, "%d") {
			path = fmt.Sprintf(path, l.number64(2, 9000))
		}
		return fmt.Sprintf(`10.%d.%d.%d - - [%s] "GET %s HTTP/1.1" %d %d "-" "%s" %.3f`,
			l.number64(3, 4), l.number64(4, 255), l.number64(5, 255), l.at.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			path, pick(l, 6, statuses), l.number64(7, 48000), pick(l, 8, agents), float64(l.number64(9, 900))/1000)
	},
	"json": func(l line) string {
		return fmt.Sprintf(`{"ts":"%s","level":"%s","msg":"%s","trace":"%016x","user":%d,"ms":%d}`,
			l.at.UTC().Format(time.RFC3339Nano), pick(l, 1, levels), pick(l, 2, messages), mix(l.hash, 3),
			l.number64(4, 5000), l.number64(5, 750))
	},
	"logfmt": func(l line) string {
		return fmt.Sprintf(`ts=%s level=%s caller=worker.go:%d msg=%q attempt=%d duration=%dms`,
			l.at.UTC().Format("2006-01-02T15:04:05.000Z"), pick(l, 1, levels), 20+l.number64(2, 400),
			pick(l, 3, messages), 1+l.number64(4, 3), l.number64(5, 750))
	},
	"klog": func(l line) string {
		return fmt.Sprintf(`%s%s       1 controller.go:%d] "%s" object="shop/item-%d" elapsed="%dms"`,
			pick(l, 1, []string{"I", "I", "I", "I", "W", "E"}), l.at.UTC().Format("0102 15:04:05.000000"),
			50+l.number64(2, 300), pick(l, 3, messages), l.number64(4, 64), l.number64(5, 750))
	},
	"java": java,
	"postgres": func(l line) string {
		return fmt.Sprintf(`%s [%d] %s:  %s`, l.at.UTC().Format("2006-01-02 15:04:05.000 UTC"), 30+l.number64(1, 60),
			pick(l, 2, []string{"LOG", "LOG", "LOG", "LOG", "WARNING", "ERROR"}), pick(l, 3, []string{
				"checkpoint starting: time", "checkpoint complete: wrote 214 buffers (1.3%)",
				"connection authorized: user=shop database=orders", "disconnection: session time: 0:02:11.302",
				"duration: 812.402 ms  statement: SELECT * FROM orders WHERE state = $1",
				"automatic vacuum of table \"orders.public.items\": index scans: 1",
				"duplicate key value violates unique constraint \"orders_pkey\"",
			}))
	},
	"awkward": awkward,
}

// java writes a stack trace over the lines after an error: every fortieth line begins one.
func java(l line) string {
	switch l.number % 40 {
	case 20:
		return l.at.UTC().Format("2006-01-02 15:04:05,000") + " ERROR [http-nio-8080-exec-4] c.e.shop.OrderService - order failed"
	case 21:
		return "java.lang.IllegalStateException: inventory is locked"
	case 22, 23, 24, 25, 26:
		return fmt.Sprintf("\tat com.example.shop.Inventory.reserve(Inventory.java:%d)", 30+l.number%40)
	case 27:
		return "Caused by: java.net.SocketTimeoutException: Read timed out"
	case 28, 29:
		return fmt.Sprintf("\tat java.base/java.net.Socket.read(Socket.java:%d)", 300+l.number%40)
	}
	return fmt.Sprintf("%s %-5s [http-nio-8080-exec-%d] c.e.shop.OrderService - %s", l.at.UTC().Format("2006-01-02 15:04:05,000"),
		strings.ToUpper(pick(l, 1, levels)), 1+l.number64(2, 8), pick(l, 3, messages))
}

// awkward is for whoever draws logs: colours, carriage returns, tabs, empty and very long lines,
// wide and combining characters, bytes that are not UTF-8, control sequences that would move a cursor.
func awkward(l line) string {
	return pick(l, 1, []string{
		"\x1b[32mINFO\x1b[0m \x1b[1mserver\x1b[0m started on \x1b[4;34mhttp://localhost:8080\x1b[0m",
		"\x1b[38;5;208mwarn\x1b[0m \x1b[48;2;40;40;80mtrue colour\x1b[0m",
		"progress 10%\rprogress 50%\rprogress 100%",
		"", "\ttab\tseparated\tcolumns", "   leading and trailing spaces   ",
		strings.Repeat("0123456789abcdef", 1200),
		"漢字とかなと한글 and 👩‍👩‍👧‍👦 and e\u0301 and \u202eright to left\u202c",
		"not UTF-8: \xff\xfe\xc3\x28",
		"\x1b[2J\x1b[Hcleared the screen\x07",
		"null byte: \x00 and bell \x07",
		`{"level":"error","msg":"json with \"quotes\" and \\ and \u2028","nested":{"a":[1,2,3]}}`,
	})
}
