import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { loadAddon } from './addon.ts';
import { loadKubectl } from './kubectl.ts';
import { addonCanExist, builtAddon, builtSidecar, platformName, platformPackage, sidecarFile } from './platform.ts';
import { loadSidecar } from './sidecar.ts';
import type { Native, NativeLoaded } from './types.ts';

export type LoadOptions = {
  /** The plugin's folder. */
  readonly root: string;
  /** The kubectl to fall back to; the first on PATH unless told. */
  readonly kubectl?: string | undefined;
  /** As platformName() gives; for tests. */
  readonly platform?: string | undefined;
};

type Way = {
  readonly kind: Native['kind'];
  readonly called: string;
  /** Where it may be, best first. */
  readonly files: readonly string[];
  /** Why it cannot be here at all. */
  readonly impossible?: string | undefined;
  readonly load: (file: string) => Promise<Omit<Native, 'why'>>;
};

const advice =
  'Describe, drain and rollouts need one of them. Install Go and a C++ compiler and run `npm run setup` in the ' +
  'plugin’s folder, or install kubectl.';

/** The best way there is to have kubectl's work done, and why no better one was taken. Never throws. */
export const loadNative = async (options: LoadOptions): Promise<NativeLoaded> => {
  const why: string[] = [];
  for (const way of ways(options)) {
    const native = await attempt(way, why);
    if (native !== undefined) return { ...native, why };
  }
  return { kind: 'none', why, advice };
};

const attempt = async (way: Way, why: string[]): Promise<Omit<Native, 'why'> | undefined> => {
  if (way.impossible !== undefined) {
    why.push(`${way.called}: ${way.impossible}.`);
    return undefined;
  }
  const present = way.files.filter((file) => existsSync(file));
  if (present.length === 0)
    why.push(`${way.called}: not found${way.files[0] === undefined ? '' : ` at ${way.files[0]}`}.`);
  for (const file of present) {
    try {
      return await way.load(file);
    } catch (error) {
      why.push(`${way.called}: ${file} cannot be used: ${reason(error, file)}.`);
    }
  }
  return undefined;
};

const ways = ({ root, kubectl, platform = platformName() }: LoadOptions): readonly Way[] => {
  const packaged = packageFolder(root, platform);
  const inPackage = (name: string): readonly string[] => (packaged === undefined ? [] : [join(packaged, name)]);
  const onPath = kubectl ?? which('kubectl');
  return [
    {
      kind: 'addon',
      called: 'the addon',
      files: [join(root, builtAddon(platform)), ...inPackage(`kubectl-live.${platform}.node`)],
      impossible: addonCanExist(platform) ? undefined : `${platform} cannot load Go code into Node`,
      load: loadAddon,
    },
    {
      kind: 'sidecar',
      called: 'the sidecar',
      files: [join(root, builtSidecar(platform)), ...inPackage(sidecarFile(platform))],
      load: loadSidecar,
    },
    {
      kind: 'kubectl',
      called: 'the kubectl program',
      files: onPath === undefined ? [] : [onPath],
      impossible: onPath === undefined ? 'there is none on PATH' : undefined,
      load: loadKubectl,
    },
  ];
};

/** The folder of the prebuilt package for this platform, when npm installed it. */
const packageFolder = (root: string, platform: string): string | undefined => {
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve(`${platformPackage(platform)}/package.json`));
  } catch {
    return undefined; // the common case: nothing prebuilt
  }
};

const which = (program: string): string | undefined => {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, process.platform === 'win32' ? `${program}.exe` : program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return undefined;
};

/** What the dynamic loader and the system say, with what to do about it where that is known. */
const cures: readonly (readonly [RegExp, string])[] = [
  [
    /invalid ELF header|file too short|cannot read file data|not a mach-o|wrong ELF class|slice is not valid|not a valid Win32/i,
    'the file is damaged or for another system: run `npm run build:native -- --force`',
  ],
  [/GLIBC(XX)?_\d/, 'it was built on a newer system: run `npm run build:native` here'],
  [/ERR_DLOPEN_DISABLED|loading native addons is disabled/, 'Node was started with --no-addons'],
  [/static TLS|initial-exec/, 'this C library cannot load Go code'],
  [/another version|not this plugin/, 'run `npm run build:native`'],
  [/EACCES/, 'the file is not executable: run `npm run build:native -- --force`'],
  [/ENOEXEC|exec format/i, 'it is for another system: run `npm run build:native -- --force`'],
];

const reason = (error: unknown, file: string): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  const plain = text.replace(`${file}: `, '').replace(/\.$/, '');
  const cure = cures.find(([sign]) => sign.test(`${code} ${text}`))?.[1];
  return cure === undefined ? plain : `${plain}; ${cure}`;
};
