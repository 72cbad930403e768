import type { KubeObject } from '../journal/kept-object.ts';
import type { Target } from '../protocol/resource.ts';
import { mapLimited } from '../util/map-limited.ts';
import type { Ability } from './ability.ts';
import { textAt } from './fields.ts';
import { SHOWN } from './plan-text.ts';

type Sign = (object: KubeObject) => string | undefined;

const annotation = (object: KubeObject, key: string): string => textAt(object, 'metadata', 'annotations', key);
const label = (object: KubeObject, key: string): string => textAt(object, 'metadata', 'labels', key);

const flux = (kind: string): Sign => {
  const group = kind === 'HelmRelease' ? 'helm' : 'kustomize';
  return (object) => {
    const name = label(object, `${group}.toolkit.fluxcd.io/name`);
    const namespace = label(object, `${group}.toolkit.fluxcd.io/namespace`);
    return name === '' ? undefined : `Flux ${kind} ${namespace}/${name}`;
  };
};

/** Who keeps an object as a file says, by the marks they leave: labels of Flux, tracking ids of Argo CD, annotations of Helm. */
const signs: readonly Sign[] = [
  flux('Kustomization'),
  flux('HelmRelease'),
  (object) => {
    const id = annotation(object, 'argocd.argoproj.io/tracking-id') || label(object, 'argocd.argoproj.io/instance');
    return id === '' ? undefined : `Argo CD application ${id.split(':')[0]}`;
  },
  (object) => {
    const name = annotation(object, 'meta.helm.sh/release-name');
    return name === '' ? undefined : `Helm release ${annotation(object, 'meta.helm.sh/release-namespace')}/${name}`;
  },
];

/** Helm alone changes something back only at its next upgrade; the others do it by themselves. */
const warning = (manager: string): string =>
  manager.startsWith('Helm')
    ? `${manager} has its own idea of it: its next upgrade may change this back`
    : `! ${manager} manages it and may change this back`;

/** Who else has a say in the targets: lines for a plan. Never rejects; what cannot be read is told elsewhere. */
export const managerLines = async (targets: readonly Target[], ability: Ability): Promise<readonly string[]> => {
  const found = await mapLimited(targets.slice(0, SHOWN), 8, async (target) => {
    const object = await ability.live(target).catch(() => undefined);
    if (object === undefined) return [];
    return signs.flatMap((sign) => sign(object) ?? []);
  });
  return [...new Set(found.flat())].map(warning);
};
