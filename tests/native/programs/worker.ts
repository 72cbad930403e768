import { parentPort } from 'node:worker_threads';
import { load, settings, spec } from './spec.ts';

const client = (await load()).client(spec());
const calls = Array.from({ length: 50 }, () => client.describe(settings));
parentPort?.postMessage('under way');
await Promise.all(calls);
parentPort?.postMessage('answered');
