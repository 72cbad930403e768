import type { Transport } from './transport.ts';

type Review = { readonly status?: { readonly userInfo?: { readonly username?: string } } };

const known = new WeakMap<Transport, Promise<string>>();

/** The name the server knows this user by (SelfSubjectReview, since 1.28); '' where it does not tell. Asked once. */
export const whoAmI = (transport: Transport): Promise<string> => {
  const before = known.get(transport);
  if (before !== undefined) return before;
  const asked = transport
    .json<Review>({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    })
    .then(({ status }) => status?.userInfo?.username ?? '')
    .catch(() => '');
  known.set(transport, asked);
  return asked;
};
