import { ensureBundle } from '../../src/tools/setup/bundle.cjs';
import { ensureNeovim } from '../../src/tools/setup/neovim.cjs';

/** Gives the tests KUBECTL_LIVE_NVIM, an editor that needs no further environment, and an up-to-date dist/. */
export const setup = async (): Promise<void> => {
  process.env.KUBECTL_LIVE_NVIM = await ensureNeovim();
  await ensureBundle(process.execPath);
};
