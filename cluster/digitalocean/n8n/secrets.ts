import { type Output, secret } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';

/** In letters that need no quoting anywhere; 24 of 62 are 142 bits. */
export const randomSecret = (name: string): RandomPassword =>
  new RandomPassword(name, { length: 24, special: false }, { additionalSecretOutputs: ['result', 'bcryptHash'] });

export interface N8nSecrets {
  ownerPassword: Output<string>;
  ownerPasswordHash: Output<string>;
  /** With another key n8n could not read the credentials in its own database. */
  encryptionKey: Output<string>;
}

export function n8nSecrets(): N8nSecrets {
  const owner = randomSecret('n8n-owner');
  return {
    ownerPassword: secret(owner.result),
    ownerPasswordHash: secret(owner.bcryptHash),
    encryptionKey: secret(randomSecret('n8n-encryption-key').result),
  };
}
