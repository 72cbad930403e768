import { test } from 'vitest';
import { create, freshNamespace, kubectl, openTable, putCursorOn, quietPod, rowsOf, withEditor } from './support.ts';

const event = (namespace: string, name: string, secondsAgo: number): object => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace },
  type: 'Normal',
  reason: 'Tested',
  message: `it was ${name}`,
  involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'web-1' },
  lastTimestamp: new Date(Date.now() - secondsAgo * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
});

test('events come newest first until the user sorts them', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    const order = async () => (await rowsOf(editor)).map(({ name }) => name).join();
    await create(event(namespace, 'a-old', 5000), event(namespace, 'b-new', 60), event(namespace, 'c-older', 9000));
    await openTable(editor, `get events -n ${namespace}`);
    await editor.until('the newest first', async () => (await order()) === 'b-new,a-old,c-older');
    await create(event(namespace, 'd-newest', 1));
    await editor.until('what came later above it', async () => (await order()) === 'd-newest,b-new,a-old,c-older');
    await putCursorOn(editor, 'a-old');
    // The second word of the line: LAST SEEN.
    await editor.keys('0W');
    await editor.keys('gs');
    await editor.until('the oldest first', async () => (await order()) === 'c-older,a-old,b-new,d-newest');
  }));

test('<CR> leads from a cron job over its job to the pods, and from an account to its pods', () =>
  withEditor(async (editor) => {
    const namespace = await freshNamespace();
    const template = {
      spec: { schedulerName: 'nobody', restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] },
    };
    await create(
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'nightly', namespace },
        spec: { schedule: '0 0 30 2 *', jobTemplate: { spec: { template } } },
      },
      quietPod(namespace, 'stranger'),
    );
    await kubectl(['create', 'job', 'tonight', '--from=cronjob/nightly', `--namespace=${namespace}`]);
    await openTable(editor, `get cronjobs -n ${namespace}`);
    await putCursorOn(editor, 'nightly');
    await editor.keys('<CR>');
    await editor.shows(/tonight\s+Running\s+0\/1/);
    await putCursorOn(editor, 'tonight');
    await editor.keys('<CR>');
    await editor.shows(/tonight-\w+\s+0\/1\s+Pending/);
    await editor.until('its pod alone', async () => {
      const [pod, ...others] = await rowsOf(editor);
      return pod?.name.startsWith('tonight-') === true && others.length === 0;
    });
    await openTable(editor, `get serviceaccounts -n ${namespace}`);
    await putCursorOn(editor, 'default');
    await editor.keys('<CR>');
    await editor.shows(/stranger\s+0\/1\s+Pending/);
    await editor.until('both pods', async () => (await rowsOf(editor)).length === 2);
  }));
