import { actions } from '../actions/index.generated.ts';

/** What `hello` tells of the actions: enough for maps and help. */
export const actionSummaries = () => actions.map(({ id, title, key }) => ({ id, title, key }));
