const ESCAPE_SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g');
/** Control characters, line separators, and marks that turn the direction of what follows them. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** What a server or a program wrote, fit for a message: no control characters or escapes, one line, bounded. */
export const plainText = (text: string, most = 1000): string => {
  const trimmed = text.replace(ESCAPE_SEQUENCE, '').replace(UNPRINTABLE, ' ').trim();
  return trimmed.length > most ? `${trimmed.slice(0, most)}…` : trimmed;
};

/** `plainText` of something that may hold a credential: what looks like a token or a password is cut out. */
export const withoutSecrets = (text: string, most = 300): string =>
  plainText(text, 20_000)
    .replace(/-----BEGIN [^-]+-----.*?(-----END [^-]+-----|$)/g, '<hidden>')
    .replace(/\b(bearer|basic)\s+\S+/gi, '$1 <hidden>')
    .replace(
      /\b(password|passwd|secret|token|apikey|api_key|access_key)(["']?\s*[:=]\s*["']?)[^\s"',}]+/gi,
      '$1$2<hidden>',
    )
    .replace(/[A-Za-z0-9_+=.~-]{24,}/g, (run) => (/[0-9A-Z]/.test(run) ? '<hidden>' : run))
    .slice(0, most);
