package host

import (
	"context"
	"encoding/json"

	"kubectl-live.nvim/native/internal/kube"
)

// method does one operation. Its result is text, or JSON.
type method func(ctx context.Context, client *kube.Client, params json.RawMessage, progress func(any)) ([]byte, error)

// params of every operation on an object; each reads what it needs.
type objectParams struct {
	kube.Target
	Revision int64 `json:"revision"`
	DryRun   bool  `json:"dryRun"`
}

type cordonParams struct {
	Node   string `json:"node"`
	On     bool   `json:"on"`
	DryRun bool   `json:"dryRun"`
}

type drainParams struct {
	kube.DrainOptions
	Node string `json:"node"`
}

var methods = map[string]method{
	"version": func(context.Context, *kube.Client, json.RawMessage, func(any)) ([]byte, error) {
		return json.Marshal(map[string]any{"protocol": Protocol, "kubectl": kube.Version()})
	},
	"describe": text(func(ctx context.Context, c *kube.Client, p objectParams, _ func(any)) (string, error) {
		return c.Describe(ctx, p.Target)
	}),
	"rolloutHistory": text(func(ctx context.Context, c *kube.Client, p objectParams, _ func(any)) (string, error) {
		return c.RolloutHistory(ctx, p.Target, p.Revision)
	}),
	"rolloutStatus": text(func(ctx context.Context, c *kube.Client, p objectParams, progress func(any)) (string, error) {
		return c.RolloutStatus(ctx, p.Target, func(line string) { progress(line) })
	}),
	"rolloutUndo": text(func(ctx context.Context, c *kube.Client, p objectParams, _ func(any)) (string, error) {
		return c.RolloutUndo(ctx, p.Target, p.Revision, p.DryRun)
	}),
	"rolloutRestart": text(func(ctx context.Context, c *kube.Client, p objectParams, _ func(any)) (string, error) {
		return c.RolloutRestart(ctx, p.Target, p.DryRun)
	}),
	"rolloutPause": text(func(ctx context.Context, c *kube.Client, p objectParams, _ func(any)) (string, error) {
		return c.RolloutPause(ctx, p.Target, p.DryRun)
	}),
	"rolloutResume": text(func(ctx context.Context, c *kube.Client, p objectParams, _ func(any)) (string, error) {
		return c.RolloutResume(ctx, p.Target, p.DryRun)
	}),
	"cordon": value(func(ctx context.Context, c *kube.Client, p cordonParams, _ func(any)) (bool, error) {
		return c.Cordon(ctx, p.Node, p.On, p.DryRun)
	}),
	"drain": value(func(ctx context.Context, c *kube.Client, p drainParams, progress func(any)) (*kube.DrainResult, error) {
		return c.Drain(ctx, p.Node, p.DrainOptions, func(step kube.DrainProgress) { progress(step) })
	}),
}

// Protocol is the version of methods, parameters and kinds; src/native/channel.ts has the same number.
const Protocol = 1

func text[P any](do func(context.Context, *kube.Client, P, func(any)) (string, error)) method {
	return func(ctx context.Context, client *kube.Client, raw json.RawMessage, progress func(any)) ([]byte, error) {
		params, err := decode[P](raw)
		if err != nil {
			return nil, err
		}
		result, err := do(ctx, client, params, progress)
		return []byte(result), err
	}
}

func value[P, R any](do func(context.Context, *kube.Client, P, func(any)) (R, error)) method {
	return func(ctx context.Context, client *kube.Client, raw json.RawMessage, progress func(any)) ([]byte, error) {
		params, err := decode[P](raw)
		if err != nil {
			return nil, err
		}
		result, err := do(ctx, client, params, progress)
		if err != nil {
			return nil, err
		}
		return json.Marshal(result)
	}
}

func decode[P any](raw json.RawMessage) (params P, err error) {
	if err := json.Unmarshal(raw, &params); err != nil {
		return params, &kube.Failure{Code: kube.CodeInvalid, Message: "the parameters are not the JSON expected"}
	}
	return params, nil
}
