import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setting } from './support.ts';

/** `client.crt` and `client.key` of an admin in a folder, by the lab's authority; it ends after so many seconds. */
export const certificate = (directory: string, seconds: number): void => {
  const pki = join(dirname(setting('KUBECTL_LIVE_LAB_KUBECONFIG')), 'pki');
  const at = (ms: number): string => `${new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`;
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' });
  };
  openssl(
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    'new.key',
    '-out',
    'new.csr',
    '-subj',
    '/O=system:masters/CN=rotated',
  );
  writeFileSync(join(directory, 'index'), '');
  writeFileSync(
    join(directory, 'serial'),
    `${Math.floor(Math.random() * 0xffffff)
      .toString(16)
      .padStart(8, '0')}\n`,
  );
  writeFileSync(join(directory, 'extensions'), 'extendedKeyUsage=clientAuth\n');
  writeFileSync(
    join(directory, 'ca.cnf'),
    `[ca]\ndefault_ca=d\n[d]\ndatabase=${directory}/index\nnew_certs_dir=${directory}\nserial=${directory}/serial\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\norganizationName=supplied\ncommonName=supplied\n`,
  );
  const dates = ['-startdate', at(Date.now() - 60_000), '-enddate', at(Date.now() + seconds * 1000)];
  const authority = ['-cert', join(pki, 'ca.crt'), '-keyfile', join(pki, 'ca.key')];
  openssl(
    'ca',
    '-batch',
    '-notext',
    '-config',
    'ca.cnf',
    '-extfile',
    'extensions',
    ...dates,
    ...authority,
    '-in',
    'new.csr',
    '-out',
    'new.crt',
  );
  for (const kind of ['key', 'crt']) renameSync(join(directory, `new.${kind}`), join(directory, `client.${kind}`));
};
