import { expect, it, vi } from 'vitest';
import type { Decoded, Decoder } from '../../src/decode/decoded.ts';
import { jsonDecoder } from '../../src/decode/json.ts';
import { plans } from '../../src/decode/proto/index.generated.ts';
import { protobufDecoder } from '../../src/decode/protobuf.ts';
import { commonFields } from '../../src/processors/define-kind.ts';
import { kinds } from '../../src/processors/kinds/index.generated.ts';
import { project } from '../../src/processors/project.ts';
import { resourcePath } from '../../src/protocol/resource.ts';
import { contentType, readBody } from '../../src/watch/answer.ts';
import { adminOf, setting, transportTo } from './support.ts';

/** Kinds that the demo world certainly has objects of; lists of others may be empty. */
const present = new Set(['Pod', 'Node', 'Event', 'Deployment', 'ReplicaSet', 'Service', 'Namespace']);

const parts = [...plans].map(([key, plan]) => {
  const [group = '', version = '', kind = ''] = key.split('/');
  return { key, group, version, kind, plan };
});

it.each(parts)('protobuf and JSON say the same of every object of $key', async ({ group, version, kind, plan }) => {
  const transport = transportTo(adminOf(setting('KUBECTL_LIVE_LAB_KUBECONFIG')));
  const fields = [
    ...commonFields,
    ...(kinds.find((each) => each.kind === kind && each.groups.includes(group))?.fields ?? []),
  ];
  type Served = { readonly resources: readonly { readonly name: string; readonly kind: string }[] };
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const { resources } = await transport.json<Served>({ path: root });
  const resource = resources.find((each) => each.kind === kind && !each.name.includes('/'))?.name ?? '';
  const path = resourcePath({ group, version, resource, namespaced: true });
  const read = async (decoder: Decoder, accept: string, wanted: string): Promise<Map<string, Decoded>> => {
    const response = await transport.request({ path, headers: { accept } });
    expect(contentType(response)).toBe(wanted);
    const list = decoder.list(wanted);
    const items: Decoded[] = [];
    await readBody(response, { sliceMs: 3, now: Date.now }, (chunk) => items.push(...list.push(chunk)));
    items.push(...list.end());
    return new Map(items.map((item) => [`${item.meta.uid} at ${item.meta.resourceVersion}`, item]));
  };
  const pairs = async (): Promise<readonly (readonly [Decoded | undefined, Decoded | undefined])[] | undefined> => {
    const [json, protobuf] = await Promise.all([
      read(jsonDecoder, jsonDecoder.accept, 'application/json'),
      read(protobufDecoder(plan), protobufDecoder(plan).accept, 'application/vnd.kubernetes.protobuf'),
    ]);
    // The demo world lives: objects that changed between the two lists are not compared.
    const both = [...json.keys()].filter((key) => protobuf.has(key));
    const enough = both.length >= json.size / 2 && (both.length > 0 || !present.has(kind));
    return enough ? both.map((key) => [json.get(key), protobuf.get(key)]) : undefined;
  };
  for (const [left, right] of await vi.waitUntil(pairs, { timeout: 20_000 })) {
    expect(right?.problem).toBeUndefined();
    expect(right?.meta).toEqual(left?.meta);
    expect(project(right?.object, fields)).toEqual(project(left?.object, fields));
  }
});
