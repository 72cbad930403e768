package kube

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
)

// Code is the closed set of reasons the whole project uses.
type Code string

const (
	CodeForbidden    Code = "forbidden"
	CodeNotFound     Code = "not-found"
	CodeUnauthorized Code = "unauthorized"
	CodeUnreachable  Code = "unreachable"
	CodeTimeout      Code = "timeout"
	CodeCancelled    Code = "cancelled"
	CodeInvalid      Code = "invalid"
	CodeConflict     Code = "conflict"
	CodeExpired      Code = "expired"
	CodeThrottled    Code = "throttled"
	CodeUnsupported  Code = "unsupported"
	CodeInternal     Code = "internal"
)

// Failure is an expected error: the message names the object and what was tried, the hint says what to do.
type Failure struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

func (f *Failure) Error() string { return f.Message }

func fail(code Code, format string, args ...any) *Failure {
	return &Failure{Code: code, Message: fmt.Sprintf(format, args...)}
}

// explain makes a Failure of any error: "cannot describe pod default/web: forbidden: …".
func (c *call) explain(err error, tried string) error {
	if err == nil {
		return nil
	}
	var failure *Failure
	if errors.As(err, &failure) {
		return failure
	}
	code := c.code(err)
	return &Failure{Code: code, Message: tried + ": " + c.text(code, err), Hint: hints[code]}
}

var hints = map[Code]string{
	CodeUnauthorized: "the credentials are expired or wrong: log in again",
	CodeForbidden:    "this user may not do that: ask for the permission, or use another context",
}

func (c *call) text(code Code, err error) string {
	switch {
	case code == CodeCancelled:
		return "cancelled"
	case code == CodeUnreachable || code == CodeTimeout:
		// "Get "https://…/api/v1/namespaces/…?fieldSelector=…": dial tcp …": the address is not the news.
		var wire *url.Error
		if errors.As(err, &wire) {
			return fmt.Sprintf("%s: %v", c.client.spec.host(), wire.Err)
		}
	}
	return strings.TrimSpace(err.Error())
}

// host is the server without what may be a password.
func (s *Spec) host() string {
	if parsed, err := url.Parse(s.Server); err == nil {
		return parsed.Redacted()
	}
	return "the API server"
}

func (c *call) code(err error) Code {
	switch cause := context.Cause(c.ctx); {
	case errors.Is(cause, context.DeadlineExceeded):
		return CodeTimeout
	case cause != nil:
		return CodeCancelled
	}
	var aggregate utilerrors.Aggregate
	if errors.As(err, &aggregate) {
		for _, one := range aggregate.Errors() {
			if code := c.code(one); code != CodeInternal {
				return code
			}
		}
	}
	if code, known := codeOf(err); known {
		return code
	}
	status, wire := c.trouble.last()
	if wire != nil {
		return codeOfWire(wire)
	}
	return codeOfStatus(status)
}

func codeOf(err error) (Code, bool) {
	var status apierrors.APIStatus
	switch {
	case errors.As(err, &status):
		return codeOfStatus(int(status.Status().Code)), true
	case meta.IsNoMatchError(err):
		return CodeUnsupported, true
	case errors.Is(err, context.DeadlineExceeded):
		return CodeTimeout, true
	case errors.Is(err, context.Canceled):
		return CodeCancelled, true
	}
	return "", false
}

func codeOfStatus(status int) Code {
	switch status {
	case http.StatusUnauthorized:
		return CodeUnauthorized
	case http.StatusForbidden:
		return CodeForbidden
	case http.StatusNotFound:
		return CodeNotFound
	case http.StatusGone:
		return CodeExpired
	case http.StatusTooManyRequests:
		return CodeThrottled
	case http.StatusConflict:
		return CodeConflict
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return CodeTimeout
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		return CodeInvalid
	case http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusUnsupportedMediaType:
		return CodeUnsupported
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		return CodeUnreachable
	}
	return CodeInternal
}

func codeOfWire(err error) Code {
	var (
		timeout   net.Error
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		alert     tls.AlertError
	)
	switch {
	case errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &invalid), errors.As(err, &alert):
		return CodeUnreachable
	case errors.As(err, &timeout) && timeout.Timeout():
		return CodeTimeout
	}
	return CodeUnreachable
}
