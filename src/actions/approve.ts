import type { KubeObject } from '../journal/kept-object.ts';
import { type ChangeSpec, defineChange } from './change.ts';
import { fieldsAt, listAt } from './fields.ts';

/** As `kubectl certificate approve|deny` writes it. */
export const deciding = (type: 'Approved' | 'Denied', verb: 'approve' | 'deny'): ChangeSpec => ({
  id: verb,
  title: `${verb} the request`,
  key: '',
  verb,
  subresource: 'approval',
  verbs: ['update'],
  serves: ({ resource }) => (resource.subresources.includes('approval') ? true : 'it asks for no certificate'),
  change: (object, _inputs, { ability }) => {
    const conditions = listAt(object, 'status', 'conditions');
    const decided = conditions.find((condition) => condition.type === 'Approved' || condition.type === 'Denied');
    if (decided !== undefined) return { text: `is ${String(decided.type).toLowerCase()} already, for good` };
    const now = new Date(ability.now()).toISOString();
    const condition = {
      type,
      status: 'True',
      reason: `Kubectl${verb === 'approve' ? 'Approve' : 'Deny'}`,
      message: `This CSR was ${type.toLowerCase()} by kubectl-live.`,
      lastUpdateTime: now,
      lastTransitionTime: now,
    };
    const body: KubeObject = {
      ...object,
      status: { ...fieldsAt(object, 'status'), conditions: [...conditions, condition] },
    };
    const { username = 'somebody', signerName = '?' } = fieldsAt(object, 'spec');
    return { text: `${type.toLowerCase()}: ${username} asks ${signerName}`, patch: { type: 'put', body } };
  },
  around: async () => ['This cannot be taken back.'],
  command: ({ name }) => ['certificate', verb, name],
});

export default defineChange(deciding('Approved', 'approve'));
