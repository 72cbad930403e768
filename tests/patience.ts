/**
 * How many times as long a whole run waits as a test run by hand: a wait that ends well ends at once, whatever its limit,
 * and a machine that builds, tests and runs a cluster on two cores is slow at times. `npm test` without patterns sets it.
 */
export const patience = Number(process.env.KUBECTL_LIVE_PATIENCE ?? 1);
