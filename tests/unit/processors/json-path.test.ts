import { expect, test } from 'vitest';
import { compilePath, PathError, valueText } from '../../../src/processors/json-path.ts';

const pod = {
  metadata: { name: 'web', labels: { app: 'shop', 'example.com/team': 'red' } },
  spec: {
    containers: [
      { name: 'app', image: 'shop:1', ports: [{ containerPort: 80 }, { containerPort: 443 }], ready: true },
      { name: 'side', image: 'proxy:2', ready: false, weight: 1.5 },
    ],
    nodeName: null,
    empty: [],
  },
};

const textOf = (expression: string): string => compilePath(expression)(pod).map(valueText).join(',');

/** The right column is what `kubectl get -o custom-columns` prints; tests/e2e/view-columns.test.ts asks kubectl itself. */
test.each([
  ['metadata.name', 'web'],
  ['.metadata.name', 'web'],
  ['{metadata.name}', 'web'],
  ['{.metadata.name}', 'web'],
  ['.metadata.absent.more', ''],
  ['.spec.nodeName', '<nil>'],
  ['.spec.nodeName.more', ''],
  ['.spec.containers[*].image', 'shop:1,proxy:2'],
  ['.spec.containers.*.image', 'shop:1,proxy:2'],
  ['.spec.containers[0].image', 'shop:1'],
  ['.spec.containers[-1].name', 'side'],
  ['.spec.containers[7].name', ''],
  ['.spec.containers[0:1].name', 'app'],
  ['.spec.containers[::2].name', 'app'],
  ['.spec.containers[:].name', 'app,side'],
  ['.spec.containers[0,1].name', 'app,side'],
  [".spec.containers[*]['name','image']", 'app,side,shop:1,proxy:2'],
  ['.spec.empty[*]', ''],
  ["['metadata'].name", ''],
  ['.spec.containers[].name', 'app'],
  ['.metadata.labels.example\\.com/team', 'red'],
  [".metadata.labels['example\\.com/team']", 'red'],
  [".metadata.labels['example.com/team']", ''],
  ['..containerPort', '80,443'],
  ['.spec..name', 'app,side'],
  ['.spec.containers[?(@.name=="side")].image', 'proxy:2'],
  [".spec.containers[?(@.name=='side')].image", 'proxy:2'],
  ['.spec.containers[?(@.name!="side")].image', 'shop:1'],
  ['.spec.containers[?(@.name == "side")].image', 'proxy:2'],
  ['.spec.containers[?(@.ready==true)].name', 'app'],
  ['.spec.containers[?(@.ports)].name', 'app'],
  ['.spec.containers[?(@.ports[0].containerPort>79)].name', 'app'],
  ['.spec.containers[?(@.name>"b")].name', 'side'],
  ['.spec.containers[?(@.image=="a)b")].name', ''],
  ['.metadata.labels', 'map[app:shop example.com/team:red]'],
  ['.spec.containers[*].ports', '[map[containerPort:80] map[containerPort:443]]'],
  ['.spec.containers[*].weight', '1.5'],
])('%s', (expression, text) => {
  expect(textOf(expression)).toBe(text);
});

test.each([
  '{a}{b}',
  '.a[',
  '.a[x]',
  '.a[?(@.b=="c"]',
  '.a[?(@.b=~"c")]',
  '.a[?(@.b=="c)]',
  '.a[::0]',
  '.a......b',
  '.a[?(@.b=="\\q")]',
  '.a #',
])('%s is refused', (expression) => {
  expect(() => compilePath(expression)).toThrow(PathError);
});

test.each([
  '.metadata[0]',
  '.spec.containers[?(@.name==1)]',
  '.metadata[?(@.a==1)]',
  '.spec.containers[?(@.ready<true)]',
])('%s does not fit the object', (expression) => {
  expect(() => textOf(expression)).toThrow(PathError);
});

test('numbers and nothing are printed as Go prints them', () => {
  expect([0, 1.5, 1e21, 0.00001, 3, true, null, ''].map(valueText)).toEqual([
    '0',
    '1.5',
    '1e+21',
    '1e-05',
    '3',
    'true',
    '<nil>',
    '',
  ]);
});
