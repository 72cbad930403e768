import type { Opened, ToEditor } from '../protocol/wire.ts';
import type { Session, TextView } from '../sessions/text-view.ts';
import type { Clock } from '../util/clock.ts';
import { ClusterError } from '../util/error.ts';
import { createTextLines, type TextLines } from './text-lines.ts';

/** The text buffers of all editors, by client and view. */
export interface Texts {
  /** False when the view is none of ours. */
  ack(client: number, view: number, seq: number, gen: number): boolean;
  resend(client: number, view: number): boolean;
  close(client: number, view: number): boolean;
  openText(client: number, view: number, start: (view: TextView) => Session | Promise<Session>): Promise<Opened>;
}

export type TextsOptions = {
  readonly clock: Clock;
  readonly toEditor: (client: number, message: ToEditor) => void;
};

/** `session` is undefined while it is being opened. */
type Open = { readonly text: TextLines; session: Session | undefined };

export const createTexts = ({ clock, toEditor }: TextsOptions): Texts => {
  const sessions = new Map<string, Open>();
  const keyOf = (client: number, view: number): string => `${client}:${view}`;

  const close = (client: number, view: number): boolean => {
    const open = sessions.get(keyOf(client, view));
    sessions.delete(keyOf(client, view));
    open?.text.close();
    open?.session?.dispose();
    return open !== undefined;
  };

  const openText: Texts['openText'] = async (client, view, start) => {
    close(client, view);
    const text = createTextLines({ view, clock, send: (message) => toEditor(client, message) });
    const open: Open = { text, session: undefined };
    sessions.set(keyOf(client, view), open);
    try {
      const session = await start(text.view);
      open.session = session;
      if (sessions.get(keyOf(client, view)) === open) return session.opened;
      session.dispose();
      throw new ClusterError('cancelled', 'the buffer was closed while it was being opened');
    } catch (thrown) {
      if (sessions.get(keyOf(client, view)) === open) sessions.delete(keyOf(client, view));
      text.close();
      throw thrown;
    }
  };

  return {
    openText,
    ack: (client, view, seq, gen) => {
      const found = sessions.get(keyOf(client, view));
      found?.text.ack(seq, gen);
      return found !== undefined;
    },
    resend: (client, view) => {
      const found = sessions.get(keyOf(client, view));
      found?.text.resend();
      return found !== undefined;
    },
    close,
  };
};
