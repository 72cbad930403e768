import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadNative } from '../../src/native/load.ts';
import { builtAddon, builtSidecar, platformName, platformPackage } from '../../src/native/platform.ts';
import type { NativeLoaded } from '../../src/native/types.ts';
import { addonFile, adminSpec, kubectlFile, sidecarPath, target } from './lab.ts';

const platform = platformName();
let plugin: string;

beforeEach(() => {
  plugin = mkdtempSync(join(tmpdir(), 'kubectl-live-load-'));
});
afterEach(() => rmSync(plugin, { recursive: true, force: true }));

const put = (file: string, from: string): void => {
  mkdirSync(dirname(join(plugin, file)), { recursive: true });
  symlinkSync(from, join(plugin, file));
};
const write = (file: string, content: string): void => {
  mkdirSync(dirname(join(plugin, file)), { recursive: true });
  writeFileSync(join(plugin, file), content);
};

/** What was loaded does the work. */
const works = async (loaded: NativeLoaded): Promise<void> => {
  if (loaded.kind === 'none') throw new Error(loaded.why.join('\n'));
  const client = loaded.client(adminSpec());
  await expect(client.describe(target('nodes', 'Node', 'cp-1'))).resolves.toContain('cp-1');
  loaded.dispose();
};

describe('what there is to load', () => {
  test('the addon comes first, and then there is nothing to explain', async () => {
    put(builtAddon(platform), addonFile);
    put(builtSidecar(platform), sidecarPath);
    const loaded = await loadNative({ root: plugin, kubectl: kubectlFile });
    expect(loaded).toMatchObject({ kind: 'addon', why: [], version: expect.stringMatching(/^1\.\d+\.\d+$/) });
    await works(loaded);
  });

  test('without an addon the sidecar', async () => {
    put(builtSidecar(platform), sidecarPath);
    const loaded = await loadNative({ root: plugin, kubectl: kubectlFile });
    expect(loaded).toMatchObject({ kind: 'sidecar', why: [expect.stringContaining('the addon: not found at')] });
    await works(loaded);
  });

  test('without both kubectl', async () => {
    const loaded = await loadNative({ root: plugin, kubectl: kubectlFile });
    expect(loaded).toMatchObject({ kind: 'kubectl', version: expect.stringMatching(/^1\.\d+\.\d+/) });
    expect(loaded.why.map((line) => line.split(':')[0])).toEqual(['the addon', 'the sidecar']);
    await works(loaded);
  });

  test('without anything: advice', async () => {
    const loaded = await loadNative({ root: plugin, kubectl: join(plugin, 'kubectl') });
    expect(loaded).toMatchObject({ kind: 'none', advice: expect.stringContaining('Install Go') });
    expect(loaded.why).toHaveLength(3);
  });

  test('a prebuilt package does as well', async () => {
    const folder = `node_modules/${platformPackage(platform)}`;
    write(`${folder}/package.json`, JSON.stringify({ name: platformPackage(platform), version: '1.0.0' }));
    put(`${folder}/kubectl-live.${platform}.node`, addonFile);
    const loaded = await loadNative({ root: plugin, kubectl: kubectlFile });
    expect(loaded).toMatchObject({ kind: 'addon', why: [] });
    await works(loaded);
  });

  test('musl has no addon, and is told why', async () => {
    put(builtAddon(platform), addonFile);
    const loaded = await loadNative({ root: plugin, kubectl: kubectlFile, platform: 'linux-x64-musl' });
    expect(loaded.kind).toBe('kubectl');
    expect(loaded.why[0]).toMatch(/linux-x64-musl cannot load Go/);
  });
});

describe('what cannot be used', () => {
  /** The reasons for not taking what stands at the addon's or the sidecar's place. */
  const why = async (): Promise<string> => {
    const loaded = await loadNative({ root: plugin, kubectl: kubectlFile });
    expect(loaded.kind).toBe('kubectl');
    await works(loaded);
    return loaded.why.join('\n');
  };

  test.for([
    ['text', 'this is no addon'],
    ['nothing', ''],
  ] as const)('an addon of %s', async ([, content]) => {
    write(builtAddon(platform), content);
    expect(await why()).toMatch(/the addon: .*\.node cannot be used: .*damaged or for another system: run `npm run/);
  });

  test('an addon that is cut off', async () => {
    const { readFileSync } = await import('node:fs');
    mkdirSync(dirname(join(plugin, builtAddon(platform))), { recursive: true });
    writeFileSync(join(plugin, builtAddon(platform)), readFileSync(addonFile).subarray(0, 100));
    expect(await why()).toMatch(/the addon: .* cannot be used: .*damaged or for another system/);
  });

  test('a sidecar that is no program', async () => {
    write(builtSidecar(platform), 'this is no program');
    chmodSync(join(plugin, builtSidecar(platform)), 0o755);
    expect(await why()).toMatch(/the sidecar: .* cannot be used: /);
  });

  test('a sidecar that may not be run', async () => {
    mkdirSync(dirname(join(plugin, builtSidecar(platform))), { recursive: true });
    copyFileSync(sidecarPath, join(plugin, builtSidecar(platform)));
    chmodSync(join(plugin, builtSidecar(platform)), 0o600);
    expect(await why()).toMatch(/the sidecar: .*EACCES.*not executable/);
  });

  test('a sidecar that is another program', async () => {
    put(builtSidecar(platform), '/bin/cat');
    expect(await why()).toMatch(/the sidecar: .* cannot be used: /);
  });
});
