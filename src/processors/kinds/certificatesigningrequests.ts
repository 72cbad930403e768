import type { Health } from '../../protocol/row.ts';
import { humanDuration } from '../../util/duration.ts';
import { age, type Column, name, status, text } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { Condition, KubeObject, Loose } from '../objects.ts';
import { healthStyle } from '../row-parts.ts';

type SigningRequest = KubeObject &
  Loose<{
    spec: { signerName: string; username: string; expirationSeconds: number };
    status: { conditions: Condition[]; certificate: string };
  }>;

/** extractCSRStatus: conditions of these types count whatever their status. */
const conditionText = ({ status: state }: SigningRequest): string => {
  const has = (wanted: string): boolean => (state?.conditions ?? []).some(({ type }) => type === wanted);
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${state?.certificate ? ',Issued' : ''}`;
};

/** An approved request waits for its signer until the certificate is there. */
const conditionHealth = (words: string): Health => {
  if (words.includes('Failed')) return 'error';
  if (words.startsWith('Denied')) return 'warning';
  return words.includes('Issued') ? 'done' : 'pending';
};

const requestedDuration: Column<SigningRequest> = {
  title: 'REQUESTEDDURATION',
  unit: 'duration',
  cell: ({ spec }) => {
    if (spec?.expirationSeconds == null) return { text: '<none>', value: undefined };
    const ms = spec.expirationSeconds * 1000;
    return { text: humanDuration(ms), value: ms };
  },
};

/** printers.go, printCertificateSigningRequest. */
export default defineKind<SigningRequest>({
  groups: ['certificates.k8s.io'],
  kind: 'CertificateSigningRequest',
  columns: [
    name,
    age,
    text('SIGNERNAME', (request: SigningRequest) => request.spec?.signerName, '<none>'),
    text('REQUESTOR', (request: SigningRequest) => request.spec?.username),
    requestedDuration,
    status('CONDITION', conditionText, (words) => healthStyle(conditionHealth(words))),
  ],
  fields: [
    'spec.signerName',
    'spec.username',
    'spec.expirationSeconds',
    'status.conditions.type',
    'status.certificate',
  ],
  health: (request) => conditionHealth(conditionText(request)),
});
