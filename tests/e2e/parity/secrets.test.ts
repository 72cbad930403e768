import { afterAll, beforeAll, expect, it } from 'vitest';
import { discover } from '../../../src/cluster/discovery.ts';
import type { Transport } from '../../../src/cluster/transport.ts';
import { decoderFor } from '../../../src/decode/decoder-for.ts';
import { rowJson } from '../../../src/engine/row-json.ts';
import { processorFor } from '../../../src/processors/for-resource.ts';
import { resourcePath } from '../../../src/protocol/resource.ts';
import { labTransport, makeNamespace } from './lab-api.ts';

let api: Transport;
let namespace: Awaited<ReturnType<typeof makeNamespace>>;

beforeAll(async () => {
  api = await labTransport();
  namespace = await makeNamespace(api, 'parity-secrets');
});
afterAll(async () => {
  await namespace.remove();
  api.dispose();
});

const value = 'correct-horse-battery-staple';
const encoded = Buffer.from(value).toString('base64');
const applied = 'kubectl.kubernetes.io/last-applied-configuration';

const reading = async () => {
  const resource = (await discover(api)).find('secrets');
  const found = processorFor(resource);
  const decoder = decoderFor(resource, found.kind === 'own');
  const path = resourcePath(resource, namespace.name);
  const response = await api.request({ path, query: decoder.query, headers: { accept: decoder.accept } });
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const list = decoder.list(String(response.headers['content-type']));
  const items = [...list.push(body), ...list.end()];
  const processor = found.kind === 'own' ? found.processor : found.create(list.columns ?? []);
  return { body: body.toString(), processor, rows: items.map(processor.row) };
};

it('no value of a secret comes from the server for a table: the Table counts them', async () => {
  const path = `/api/v1/namespaces/${namespace.name}/secrets`;
  await api.json({
    method: 'POST',
    path,
    body: { metadata: { name: 'plain' }, data: { password: encoded, user: 'YQ==' } },
  });
  const { body, processor, rows } = await reading();
  const plain = rows.find(({ name }) => name === 'plain');
  const data = processor.columns.findIndex(({ title }) => title === 'DATA');
  expect(plain?.cells[data]?.text).toBe('2');
  expect(body).not.toContain(encoded);
  expect(body).not.toContain(value);
});

it('what kubectl apply left of the values in an annotation is in no row and nothing that leaves the engine', async () => {
  const path = `/api/v1/namespaces/${namespace.name}/secrets`;
  const annotations = { [applied]: JSON.stringify({ data: { password: encoded } }) };
  await api.json({
    method: 'POST',
    path,
    body: { metadata: { name: 'applied', annotations }, data: { password: encoded } },
  });
  const { processor, rows } = await reading();
  expect(rows.map(({ name }) => name)).toContain('applied');
  const sent = rows.map((row) => rowJson(row, processor.columns, Date.now()));
  expect(JSON.stringify([rows, sent])).not.toContain(encoded);
});
