import { X509Certificate } from 'node:crypto';
import type { ClientSpec } from '../protocol/client-spec.ts';
import { ClusterError, type ErrorCode } from '../util/error.ts';
import { plainText } from '../util/plain-text.ts';

type Explanation = { readonly code: ErrorCode; readonly message: string; readonly hint: string };

const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
]);

const reasonOf = (error: Error & { code?: unknown }): string => (typeof error.code === 'string' ? error.code : '');

const explainTls = (reason: string, error: Error, server: string): Explanation | undefined => {
  if (reason === 'CERT_HAS_EXPIRED') {
    const hint = "Renew the server's certificate, or check this machine's clock.";
    return { code: 'unreachable', message: `The certificate of ${server} has expired`, hint };
  }
  if (reason === 'CERT_NOT_YET_VALID') {
    const hint = "Check this machine's clock.";
    return { code: 'unreachable', message: `The certificate of ${server} is not valid yet`, hint };
  }
  if (UNKNOWN_AUTHORITY.has(reason)) {
    const hint =
      "Check certificate-authority of the context's cluster in the kubeconfig: the server's may have changed.";
    return { code: 'unreachable', message: `The certificate of ${server} is signed by an unknown authority`, hint };
  }
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = 'reason' in error ? plainText(String(error.reason), 300) : '';
    const hint = 'Correct the server address, or set tls-server-name of the cluster to a name in the certificate.';
    return { code: 'unreachable', message: `The certificate of ${server} is for another host: ${names}`, hint };
  }
  if (/^ERR_SSL_.*(ALERT|CERTIFICATE)/.test(reason)) {
    const alert = reason
      .replace(/^ERR_SSL_(TLSV1|TLSV13|SSLV3)?_?(ALERT_)?/, '')
      .toLowerCase()
      .replaceAll('_', ' ');
    const hint = "Check client-certificate and client-key of the context's user, or log in again.";
    return { code: 'unauthorized', message: `${server} refused the client certificate (${alert})`, hint };
  }
  if (/^(EPROTO|ERR_SSL_)/.test(reason)) {
    const hint = 'Check that the server address says https only where the server speaks it.';
    return { code: 'unreachable', message: `${server} does not answer in TLS`, hint };
  }
  return undefined;
};

const explainNetwork = (reason: string, server: string, host: string): Explanation => {
  const hint = 'Is the cluster running, and is the VPN or tunnel to it up?';
  const unreachable = (message: string, next = hint): Explanation => ({ code: 'unreachable', message, hint: next });
  switch (reason) {
    case 'ECONNREFUSED':
      return unreachable(`${server} refused the connection`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return unreachable(`The name ${host} cannot be resolved`, 'Check the server address, the network and the VPN.');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return unreachable(`There is no route to ${server}`);
    case 'ETIMEDOUT':
      return { code: 'timeout', message: `${server} does not answer`, hint };
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return unreachable(`${server} closed the connection`);
    default:
      return reason.startsWith('HPE_')
        ? unreachable(`${server} does not answer in HTTP`, 'Check the server address, and http or https in it.')
        : unreachable(`The connection to ${server} failed${reason === '' ? '' : ` (${reason})`}`);
  }
};

/** A failed connection in words. `server` is host:port; `tried` is the request. Nothing of the error's own text is kept but its code. */
export const connectionError = (error: Error, server: string, tried: string): ClusterError => {
  if (error instanceof ClusterError) return error;
  const reason = reasonOf(error);
  const host = server.replace(/:\d+$/, '');
  const { code, message, hint } = explainTls(reason, error, server) ?? explainNetwork(reason, server, host);
  return new ClusterError(code, `${message} (${tried})`, { hint, cause: error });
};

/** What is wrong with the client certificate, before a server would answer with a bare alert. */
export const clientCertificateError = (spec: ClientSpec, now: number, server: string): ClusterError | undefined => {
  if (spec.certPem === undefined) return undefined;
  const hint = "Get a new client-certificate for the context's user (log in again).";
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(spec.certPem);
  } catch (cause) {
    return new ClusterError('invalid', `The client certificate for ${server} cannot be read: it is not PEM.`, {
      hint,
      cause,
    });
  }
  const ends = certificate.validToDate;
  if (ends.getTime() > now) return undefined;
  return new ClusterError('unauthorized', `The client certificate for ${server} expired on ${ends.toISOString()}.`, {
    hint,
  });
};
