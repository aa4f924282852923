import { recordOnce } from '../../../adapters/kubernetes/recordEvent';
import { checkAccess as check } from '../../../adapters/kubernetes/whoAmI';
import { done, type Operation, toEscalate } from './operation';

/** Says who the responder is and how long its token lives; one that ends soon leaves an Event and goes to *escalate*. */
export const checkAccess: Operation = async ({ client, json }) => {
  const now = new Date();
  const access = await check(client, now);
  if (access.warning === null) return done({ ...json, access });
  const name = `token-ends-${String(Date.parse(access.tokenExpires ?? ''))}`;
  await recordOnce(client, { reason: 'TokenEndsSoon', name, message: access.warning }, now);
  return toEscalate({ ...json, access });
};
