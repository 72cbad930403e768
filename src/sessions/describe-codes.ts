import { type Style, styleIndex } from '../protocol/styles.ts';

type Span = readonly [start: number, end: number, style: Style];

/** Words in a description that mean trouble, as kubectl and the kubelet write them. */
const bad =
  /\b(CrashLoopBackOff|ErrImagePull|ImagePullBackOff|InvalidImageName|CreateContainer(?:Config)?Error|RunContainerError|OOMKilled|Error|Failed|Evicted|NotReady|Unhealthy|BackOff|DeadlineExceeded|FailedScheduling|Lost)\b/g;

const keyPattern = /^(\s*)((?:[A-Za-z0-9][\w./()-]*)(?: [\w./()-]+)*):(?=\s|$)/;
const dashes = /^\s*-{3,}[-\s]*$/;

const bytes = (text: string, end: number): number => Buffer.byteLength(text.slice(0, end));

const encode = (line: string, spans: readonly Span[]): string =>
  spans.map(([start, end, style]) => `${bytes(line, start)},${bytes(line, end)},${styleIndex(style)};`).join('');

const keySpan = (line: string): Span | undefined => {
  const found = keyPattern.exec(line);
  if (found === null) return undefined;
  const [whole, indent = ''] = found;
  const section = indent === '' && line.trim() === whole.trim();
  return [indent.length, whole.length, section ? 'KubectlTitle' : 'KubectlKey'];
};

/** Codes of each line of kubectl's description: keys, section titles, table heads, Warning events, bad words. */
export const describeCodes = (lines: readonly string[]): readonly string[] => {
  let inEvents = false;
  return lines.map((line, index) => {
    if (/^\S/.test(line)) inEvents = line.startsWith('Events:');
    if (dashes.test(line) || dashes.test(lines[index + 1] ?? ''))
      return encode(line, [[0, line.length, 'KubectlMuted']]);
    if (inEvents && /^\s+Warning\s/.test(line)) return encode(line, [[0, line.length, 'KubectlWarning']]);
    const key = keySpan(line);
    const from = key?.[1] ?? 0;
    const words = [...line.slice(from).matchAll(bad)].map(
      (match): Span => [from + match.index, from + match.index + match[0].length, 'KubectlError'],
    );
    return encode(line, key === undefined ? words : [key, ...words]);
  });
};
