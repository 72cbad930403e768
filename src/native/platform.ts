import { closeSync, openSync, readSync } from 'node:fs';

/** What a compiled file is for: `linux-x64-gnu`, `linux-arm64-musl`, `darwin-arm64`, `win32-x64-msvc`. */
export const platformName = (
  platform: string = process.platform,
  arch: string = process.arch,
  executable: string = process.execPath,
): string => {
  if (platform === 'linux') return `linux-${arch}-${usesMusl(executable) ? 'musl' : 'gnu'}`;
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`;
};

/** musl cannot load a Go library (initial-exec TLS), and no Go archive links with MSVC: there the sidecar does it. */
export const addonCanExist = (name: string): boolean => !name.endsWith('-musl') && !name.startsWith('win32-');

/** Files below the plugin's root, as built there. */
export const builtAddon = (name: string): string => `dist/native/kubectl-live.${name}.node`;
export const builtSidecar = (name: string): string => `dist/native/${sidecarFile(name)}`;
export const sidecarFile = (name: string): string =>
  name.startsWith('win32-') ? 'kubectl-live-sidecar.exe' : 'kubectl-live-sidecar';

/** The package with the prebuilt file; as `napi.packageName` in package.json says. */
export const platformPackage = (name: string): string => `@kubectl-live/native-${name}`;

/** The interpreter's path stands at the front of an ELF executable. Cheaper than a diagnostic report by 20 ms. */
const usesMusl = (executable: string): boolean => {
  const head = Buffer.alloc(8192);
  try {
    const file = openSync(executable, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return false; // an unreadable executable: glibc is the likelier, and the dynamic loader has the last word
  }
  return head.includes('/ld-musl-');
};
