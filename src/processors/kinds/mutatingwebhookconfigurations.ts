import { defineKind } from '../define-kind.ts';
import { type WebhookConfiguration, webhookColumns, webhookFacts, webhookFields, webhookService } from '../webhooks.ts';

/** printers.go, printMutatingWebhook. */
export default defineKind<WebhookConfiguration>({
  groups: ['admissionregistration.k8s.io'],
  kind: 'MutatingWebhookConfiguration',
  columns: webhookColumns,
  fields: webhookFields,
  facts: webhookFacts,
  children: webhookService,
});
