import { defineKind } from '../define-kind.ts';
import { type WebhookConfiguration, webhookColumns, webhookFacts, webhookFields, webhookService } from '../webhooks.ts';

/** printers.go, printValidatingWebhook. */
export default defineKind<WebhookConfiguration>({
  groups: ['admissionregistration.k8s.io'],
  kind: 'ValidatingWebhookConfiguration',
  columns: webhookColumns,
  fields: webhookFields,
  facts: webhookFacts,
  children: webhookService,
});
