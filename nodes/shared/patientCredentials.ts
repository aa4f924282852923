import type { ICredentialDataDecryptedObject, IExecuteFunctions } from 'n8n-workflow';

import { patiently } from '../../app/outputs/patiently';

/**
 * A node's credential. n8n reads it from its database: what keeps n8n from that for seconds must not end an execution that has
 * counted or done something.
 * @throws n8n's error at once for a credential that is missing, or the database's after 20 seconds
 */
export function patientCredentials<T extends object = ICredentialDataDecryptedObject>(
  context: IExecuteFunctions,
  type: string,
  index: number,
): Promise<T> {
  return patiently(() => context.getCredentials<T>(type, index), { isLasting: isOfPerson });
}

/** One of n8n's own errors (its BaseError, by shape, since n8n may have another copy of the class). A database's is none. */
const isOfPerson = (error: unknown): boolean => typeof error === 'object' && error !== null && 'shouldReport' in error;
