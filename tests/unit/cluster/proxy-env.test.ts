import { expect, test } from 'vitest';
import { proxyFromEnvironment } from '../../../src/cluster/proxy-env.ts';

const server = 'https://api.corp.test:6443';

test.each([
  [server, { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
  [server, { https_proxy: 'p:3128' }, 'http://p:3128'],
  [server, { HTTP_PROXY: 'http://p' }, undefined],
  ['http://api.corp.test', { HTTP_PROXY: 'http://p', HTTPS_PROXY: 'http://q' }, 'http://p'],
  [server, { HTTPS_PROXY: '' }, undefined],
  ['https://127.0.0.1:6443', { HTTPS_PROXY: 'http://p' }, undefined],
  ['https://localhost', { HTTPS_PROXY: 'http://p' }, undefined],
  ['https://[::1]:6443', { HTTPS_PROXY: 'http://p' }, undefined],
])('%s with %o goes through %s', (url, env, expected) => {
  expect(proxyFromEnvironment(url, env)).toBe(expected);
});

test.each([
  ['*', true],
  ['corp.test', true],
  ['.corp.test', true],
  ['*.corp.test', true],
  ['other, API.corp.test ', true],
  ['api.corp.test:6443', true],
  ['api.corp.test:443', false],
  ['.api.corp.test', false],
  ['orp.test', false],
  ['', false],
  ['10.0.0.0/8', false],
])('NO_PROXY=%s exempts a name: %s', (exempt, expected) => {
  const found = proxyFromEnvironment(server, { HTTPS_PROXY: 'http://p', NO_PROXY: exempt });
  expect(found === undefined).toBe(expected);
});

test.each([
  ['https://10.1.2.3:6443', '10.0.0.0/8', true],
  ['https://11.1.2.3:6443', '10.0.0.0/8', false],
  ['https://10.1.2.3', '10.1.2.3', true],
  ['https://[fd00::5]:6443', 'fd00::/8', true],
  ['https://[fd00::5]:6443', '[fd00::5]:6443', true],
  ['https://10.1.2.3', '10.0.0.0/99', false],
  ['https://10.1.2.3', 'rubbish/8', false],
])('%s with NO_PROXY=%s is exempt: %s', (url, exempt, expected) => {
  expect(proxyFromEnvironment(url, { HTTPS_PROXY: 'http://p', no_proxy: exempt }) === undefined).toBe(expected);
});
