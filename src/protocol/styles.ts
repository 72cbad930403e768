/** Highlight groups by index: frames carry the index, Lua resolves it to an integer highlight id once. */
export const styles = [
  'KubectlNormal',
  'KubectlError',
  'KubectlWarning',
  'KubectlPending',
  'KubectlOk',
  'KubectlDone',
  'KubectlFresh',
  'KubectlChanged',
  'KubectlDeleted',
  'KubectlMuted',
  'KubectlTitle',
  'KubectlNamespace',
  'KubectlKey',
  'KubectlNote',
  'KubectlLive',
  'KubectlStale',
] as const;

export type Style = (typeof styles)[number];

export const styleIndex = (style: Style): number => styles.indexOf(style);
