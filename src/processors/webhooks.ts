import type { Row } from '../protocol/row.ts';
import { named } from './children.ts';
import { age, type Column, count, extra, name, text, wide } from './columns.ts';
import type { KubeObject, Loose } from './objects.ts';
import type { ChildQuery } from './processor.ts';

type Webhook = {
  name: string;
  failurePolicy: string;
  clientConfig: { url: string; service: { namespace: string; name: string } };
};

/** Validating and mutating webhook configurations are printed alike. */
export type WebhookConfiguration = KubeObject & Loose<{ webhooks: Webhook[] }>;

export const webhookFields: readonly string[] = [
  'webhooks.name',
  'webhooks.failurePolicy',
  'webhooks.clientConfig.url',
  'webhooks.clientConfig.service.namespace',
  'webhooks.clientConfig.service.name',
];

type Read = (webhook: Loose<Webhook>) => string | null | undefined;

const distinct = ({ webhooks }: WebhookConfiguration, read: Read): string =>
  [...new Set((webhooks ?? []).map((webhook) => read(webhook) ?? ''))].join(',');

const target: Read = ({ clientConfig }) => {
  const service = clientConfig?.service;
  return service == null ? clientConfig?.url : `${service.namespace ?? ''}/${service.name ?? ''}`;
};

/** printers.go, printMutatingWebhook and printValidatingWebhook; then who is asked, and what happens without an answer. */
export const webhookColumns: readonly Column<WebhookConfiguration>[] = [
  name,
  count('WEBHOOKS', (of: WebhookConfiguration) => of.webhooks?.length),
  age,
  extra(wide(text('TARGETS', (of: WebhookConfiguration) => distinct(of, target), '<none>'))),
  extra(wide(text('FAILURE POLICY', (of: WebhookConfiguration) => distinct(of, (hook) => hook.failurePolicy)))),
];

/** The service that is asked, where it is one. */
export const webhookFacts = ({ webhooks }: WebhookConfiguration): Readonly<Record<string, string>> | undefined => {
  const services = (webhooks ?? []).map(({ clientConfig }) => clientConfig?.service);
  const first = services[0];
  if (!first?.namespace || !first.name) return undefined;
  const same = services.every((service) => service?.namespace === first.namespace && service?.name === first.name);
  return same ? { namespace: first.namespace, service: first.name } : undefined;
};

export const webhookService = ({ facts }: Row): ChildQuery => named('services', facts?.namespace ?? '', facts?.service);
