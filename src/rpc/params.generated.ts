/** Written by src/tools/gen-checks.ts from src/protocol/wire.ts. */
import type { Methods } from '../protocol/wire.ts';
import type { Shape } from './check.ts';

// biome-ignore format: one line for each method
export const paramShapes: Readonly<Record<keyof Methods, Shape>> = {
  hello: { must: { version: 'text', columns: 'number', lines: 'number', truecolor: 'yesno', ascii: 'yesno' }, may: { kubectl: 'text', namespaceFallback: { list: 'text' } } },
  health: { must: {}, may: { context: 'text' } },
  contexts: { must: {}, may: {} },
  'context.use': { must: { context: 'text' }, may: {} },
  'namespace.use': { must: { namespaces: { list: 'text' } }, may: {} },
  namespaces: { must: {}, may: { context: 'text' } },
  'view.open': { must: { view: 'number', query: { must: { resource: 'text' }, may: { context: 'text', namespaces: { list: 'text' }, selector: 'text', fieldSelector: 'text', names: { list: 'text' }, owner: 'text', under: 'text', from: 'text', filter: 'text', sort: { must: { title: 'text', descending: 'yesno' }, may: {} }, wide: 'yesno', columns: { list: { must: { title: 'text' }, may: { label: 'text', labels: 'yesno', jsonpath: 'text', width: 'number' } } }, only: 'yesno' } }, rows: 'number' }, may: { width: 'number', choices: { map: { must: {}, may: { columns: { list: { must: { title: 'text' }, may: { label: 'text', labels: 'yesno', jsonpath: 'text', width: 'number' } } }, hidden: { list: 'text' }, order: { list: 'text' }, wide: 'yesno' } } } } },
  'view.update': { must: { view: 'number' }, may: { sort: 'text', order: { must: { title: 'text', descending: 'yesno' }, may: {} }, filter: 'text', namespaces: { list: 'text' }, wide: 'yesno', hidden: { list: 'text' }, columns: { list: 'text' }, width: 'number', paused: 'yesno' } },
  'view.ack': { must: { view: 'number', gen: 'number', seq: 'number' }, may: {} },
  'view.resend': { must: { view: 'number' }, may: {} },
  'view.refresh': { must: { view: 'number' }, may: {} },
  'view.close': { must: { view: 'number' }, may: {} },
  'view.rows': { must: { view: 'number' }, may: {} },
  'view.drill': { must: { view: 'number', key: 'text' }, may: {} },
  'view.related': { must: { view: 'number', key: 'text', what: { oneOf: ['owner', 'row-events'] } }, may: {} },
  'describe.open': { must: { view: 'number', source: { either: [{ must: { view: 'number', key: 'text' }, may: {} }, { must: { resource: 'text', name: 'text' }, may: { context: 'text', namespace: 'text' } }] } }, may: {} },
  'yaml.open': { must: { view: 'number', source: { either: [{ must: { view: 'number', key: 'text' }, may: {} }, { must: { resource: 'text', name: 'text' }, may: { context: 'text', namespace: 'text' } }] } }, may: {} },
  'logs.open': { must: { view: 'number', source: { either: [{ must: { view: 'number', key: 'text' }, may: {} }, { must: { resource: 'text', name: 'text' }, may: { context: 'text', namespace: 'text' } }] }, options: { must: {}, may: { container: 'text', previous: 'yesno', follow: 'yesno', tail: 'number', timestamps: 'yesno' } } }, may: {} },
  'session.close': { must: { view: 'number' }, may: {} },
  'action.menu': { must: { view: 'number', keys: { list: 'text' } }, may: {} },
  'action.plan': { must: { action: 'text', view: 'number', keys: { list: 'text' }, inputs: { map: { either: ['text', 'number', 'yesno'] } } }, may: {} },
  'action.run': { must: { action: 'text', view: 'number', keys: { list: 'text' }, inputs: { map: { either: ['text', 'number', 'yesno'] } }, dryRun: 'yesno' }, may: {} },
  'command.plan': { must: { args: { list: 'text' } }, may: {} },
  complete: { must: { what: { oneOf: ['namespaces', 'resources', 'names'] } }, may: { context: 'text', resource: 'text' } },
  'dashboard.open': { must: { dashboard: 'number', name: 'text', args: { map: 'text' }, columns: 'number', rows: 'number', truecolor: 'yesno', theme: { map: 'text' } }, may: {} },
  'dashboard.key': { must: { dashboard: 'number', keys: 'text' }, may: {} },
  'dashboard.resize': { must: { dashboard: 'number', columns: 'number', rows: 'number' }, may: {} },
  'dashboard.ack': { must: { dashboard: 'number', seq: 'number' }, may: {} },
  'dashboard.close': { must: { dashboard: 'number' }, may: {} },
};
